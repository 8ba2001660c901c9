import { requests } from '@evenkeel/contracts';
import type { Command } from './command';
import { StationCommands } from './station-commands';

const command: Command = { action: 'GetConfiguration', payload: {}, urgency: 'report' };

function commands() {
  const sent: string[] = [];
  const line = { isOpen: true, mayCall: async () => true, send: (text: string) => void sent.push(text) };
  return { sent, commands: new StationCommands('1.6', 30_000, line) };
}

it('a command that nobody waits for any more does not leave', async () => {
  const { sent, commands: station } = commands();
  const first = station.give(command);
  const second = station.give(command);
  await Promise.resolve();
  station.expire(Date.now() + requests.callStation.deadlineMs);
  expect(await first).toEqual({ outcome: 'timeout' });
  await expect(second).rejects.toMatchObject({ code: 'conflict' });
  expect(sent).toHaveLength(1);
});

it('a station that does not answer holds a bounded number of commands', async () => {
  const { commands: station } = commands();
  const given = Array.from({ length: 60 }, () => station.give(command).catch(({ code }: { code: string }) => code));
  station.connectionLost();
  const outcomes = await Promise.all(given);
  // One was sent, 50 waited, the rest were turned away.
  expect(outcomes.filter((outcome) => typeof outcome === 'object')).toEqual([{ outcome: 'timeout' }]);
  expect(outcomes.filter((outcome) => outcome === 'offline')).toHaveLength(50);
  expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(9);
  await expect(station.give(command)).rejects.toMatchObject({ code: 'offline' });
});
