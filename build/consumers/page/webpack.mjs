import { readFileSync, writeFileSync } from 'node:fs'
import webpack from 'webpack'

webpack({ mode: 'production', entry: './main.js' }, (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString('errors-only'))
  // What it builds is no module.
  writeFileSync('dist/index.html', readFileSync('index.html', 'utf8').replace('type="module"', 'defer'))
})
