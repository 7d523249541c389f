import { copyFileSync } from 'node:fs'
import webpack from 'webpack'

webpack({ mode: 'production', entry: './main.js' }, (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString('errors-only'))
  copyFileSync('index.html', 'dist/index.html')
})
