// `npm run load:connections`: what an idle station costs one gateway process, and how fast stations are let in, against a bare `ws` server in
// the same run.
import { freePort } from '@evenkeel/testkit';
import { measureBare, measureGateway, printHead, printRatio, printRow, runInFolder } from './idle-stations';

const load = { connections: Number(process.env.LOAD_CONNECTIONS ?? 19_000), atOnce: 100 };

void runInFolder(async (folder) => {
  printHead(`${load.connections} idle stations`);
  const bare = await measureBare(load, 'ws', 'bare-server.js');
  printRow('bare ws', bare);
  const port = String(await freePort());
  const gateway = await measureGateway(load, folder, `ws://127.0.0.1:${port}`, { OCPP_PORT: port });
  printRow('ocpp-gateway', gateway);
  printRatio(gateway, bare);
});
