import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { doorAliases } from '../build/doors.ts'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: doorAliases },
  worker: { format: 'es' },
  build: { chunkSizeWarningLimit: 2000 },
})
