import { handleAdminRequest, type AdminResponse, type AdminRequest } from '../admin/admin-requests.ts';
import type { Config } from '../config/config.ts';
import { askServer, createStandaloneApp } from './running-server.ts';

export interface AdminClient {
  request<Wish extends AdminRequest>(wish: Wish): Promise<AdminResponse<Wish>>;
  close(): Promise<void>;
}

/** Through the server that runs on the same folder; without one, or where the ledger is open to all, by ourselves. */
export async function openAdminClient(config: Config): Promise<AdminClient> {
  const ask = (wish: AdminRequest) => askServer<object>(config, 'admin', wish);
  if (await ask({ action: 'list' })) {
    const want = async (wish: AdminRequest) => {
      const told = await ask(wish);
      if (told === undefined) throw new Error('the server has ended; run this again');
      return told as never;
    };
    return { request: want, close: async () => {} };
  }
  const { ledger, close } = await createStandaloneApp(config);
  return { request: async (wish) => (await handleAdminRequest(ledger, wish)) as never, close };
}
