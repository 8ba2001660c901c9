// `npm run load:tls`: what an idle station costs one gateway process by TLS, and how fast stations are let in, against a bare `ws` server
// behind TLS in the same run.
import { prepareCertificates } from '@evenkeel/local';
import { freePort } from '@evenkeel/testkit';
import { measureBare, measureGateway, printHead, printRatio, printRow, runInFolder } from './idle-stations';

const load = { connections: Number(process.env.LOAD_CONNECTIONS ?? 5_000), atOnce: 50 };

void runInFolder(async (folder) => {
  const { tlsFolder } = await prepareCertificates(folder, 'Chargem', '127.0.0.1');
  printHead(`${load.connections} idle stations by TLS`);
  const bare = await measureBare(load, 'wss', 'bare-tls-server.js', tlsFolder);
  printRow('bare ws behind TLS', bare);
  const port = String(await freePort());
  const door = { OCPP_PORT: '0', OCPP_TLS_PORT: port, TLS_FOLDER: tlsFolder };
  const gateway = await measureGateway(load, folder, `wss://127.0.0.1:${port}`, door);
  printRow('ocpp-gateway', gateway);
  printRatio(gateway, bare);
});
