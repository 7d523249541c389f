import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { fetchMiddleware } from './build/fetch-middleware.ts'

const address = {
  host: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT ?? 5173),
  strictPort: true,
  cors: false, // the kit's handler answers for its own origin rules
}

/** The demo: an app and its backend on one port. */
export default defineConfig({
  root: 'demo',
  plugins: [react(), fetchMiddleware({ backend: 'demo/backend.ts', base: '/api/' })],
  // A test run takes the sources as they are: an edit reloads no page in mid-test.
  server: { ...address, ...(process.env.E2E && { hmr: false, watch: null }) },
  preview: address,
  worker: { format: 'es' },
  build: { outDir: '../demo-dist', emptyOutDir: true },
})
