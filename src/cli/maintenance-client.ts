import { runMaintenance, type MaintenanceRequest, type MaintenanceResponse } from '../admin/maintenance.ts';
import type { Config } from '../config/config.ts';
import { askServer, createStandaloneApp } from './running-server.ts';

export interface MaintenanceClient {
  send<Request extends MaintenanceRequest>(request: Request): Promise<MaintenanceResponse<Request>>;
  close(): Promise<void>;
}

/**
 * Sends maintenance requests to the server that runs on the same data directory. Without one, and with a Postgres
 * server, this process handles them itself.
 */
export async function openMaintenanceClient(config: Config): Promise<MaintenanceClient> {
  const ask = (request: MaintenanceRequest) => askServer<object>(config, 'maintenance', request);
  if (await ask({ action: 'list' })) {
    return {
      async send(request) {
        const response = await ask(request);
        if (response === undefined) throw new Error('the server has stopped; run the command again');
        return response as never;
      },
      close: async () => {},
    };
  }
  const { workflows, close } = await createStandaloneApp(config);
  return { send: async (request) => (await runMaintenance(workflows, request)) as never, close };
}
