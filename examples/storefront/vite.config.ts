import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { forward } from './forward.ts';

export default defineConfig({
  plugins: [
    react(),
    {
      name: 'forward',
      configureServer: ({ middlewares }) => void middlewares.use((...request) => void forward(...request)),
    },
  ],
  server: { port: 4300 },
});
