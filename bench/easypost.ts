import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server with the shape of EasyPost's rates that does nothing else, and that can hang. */
export interface CheapEasyPost {
  readonly url: string;
  /** The calls that it received. */
  calls(): number;
  /** Responds to no call from now on, or to all again; calls that hang are never responded to. */
  hang(hangs: boolean): void;
  close(): Promise<void>;
}

const responseMs = 20;
const services = [['Express', '34.15'], ['Priority', '7.42'], ['GroundAdvantage', '6.07']] as const; // prettier-ignore

export async function startCheapEasyPost(): Promise<CheapEasyPost> {
  let calls = 0;
  let hangs = false;
  const respond = (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(shipment(calls));
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      calls += 1;
      if (!hangs) setTimeout(respond, responseMs, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    hang: (on) => void (hangs = on),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function shipment(number: number): string {
  const id = `shp_${String(number).padStart(32, '0')}`;
  const rates = services.map(([service, rate], index) => ({
    id: `rate_${number}_${index}`,
    object: 'Rate',
    service,
    carrier: 'USPS',
    rate,
    currency: 'USD',
    delivery_days: index + 1,
    shipment_id: id,
    carrier_account_id: 'ca_1',
  }));
  return JSON.stringify({ id, object: 'Shipment', mode: 'test', status: 'unknown', messages: [], options: {}, rates }); // prettier-ignore
}
