// Starts the console.
import { runService } from '@evenkeel/service';
import { createApplication } from './application';
import { ConsoleSettings } from './config';
import { ConsoleModule } from './console.module';

void runService({
  name: 'console',
  module: ConsoleModule,
  settings: ConsoleSettings,
  http: {
    create: createApplication,
    listen: async (app, { HOST, CONSOLE_PORT }) => {
      await app.listen(CONSOLE_PORT, HOST);
    },
  },
});
