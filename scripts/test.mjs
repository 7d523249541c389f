// npm test: every step, then one line with the sums.
// One step alone, with arguments of its own: node scripts/test.mjs unit|stories|e2e|firefox|webkit|visual [args]
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { ensureChromium, ensureFirefox, ensureWebKit } from './browser.mjs'

const vitest = (step, ...projects) => ({
  command: [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report(step)}`,
  ],
  count: (json) => ({
    passed: json.numPassedTests,
    // A file that cannot be loaded has no test to fail, but fails.
    failed:
      json.numFailedTests + json.testResults.filter((f) => f.status === 'failed' && !f.assertionResults.length).length,
    skipped: json.numPendingTests + json.numTodoTests,
  }),
  failures: (json) =>
    json.testResults.flatMap(({ name, message, assertionResults }) =>
      assertionResults.length
        ? assertionResults
            .filter((test) => test.status === 'failed')
            .map((test) => failure(name, test.fullName, test.failureMessages[0]))
        : message
          ? [failure(name, 'cannot be loaded', message)]
          : [],
    ),
})
const playwright = (...args) => ({
  command: ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json', ...args],
  count: ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped }),
  failures: ({ suites, errors }) => [
    ...suites
      .flatMap(specsOf)
      .flatMap((spec) =>
        spec.tests
          .filter((test) => test.status === 'unexpected')
          .map((test) =>
            failure(spec.file, `[${test.projectName}] ${spec.title}`, test.results.at(-1)?.error?.message),
          ),
      ),
    ...errors.map((error) => failure('playwright', 'outside of any test', error.message)),
  ],
})
const specsOf = (suite) => [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)]
const failure = (file, name, reason = '') =>
  `${relative('.', file)} › ${name}: ${stripVTControlCharacters(reason).split('\n', 1)[0].slice(0, 300)}`
const report = (step) => `test-results/${step}.json`
const steps = {
  unit: vitest('unit', 'unit', 'dom', 'types'),
  stories: { ...vitest('stories', 'storybook', 'browser'), prepare: ensureChromium },
  e2e: { ...playwright('--project=desktop', '--project=phone'), prepare: ensureChromium },
  firefox: { ...playwright('--project=firefox'), prepare: ensureFirefox },
  // It has no headless mode.
  webkit: { ...playwright('--project=webkit'), prepare: ensureWebKit, under: ['xvfb-run', '-a'] },
  visual: { ...playwright('--config=stories/visual.config.ts'), prepare: ensureChromium },
}
// The other engines, and pictures that another machine drew, are for CI and for those who ask.
const usual = ['unit', 'stories', 'e2e']

const [only, ...args] = process.argv.slice(2)
const names = only ? [only] : usual
if (names.some((name) => !steps[name])) throw new Error(`no step ${only}: there are ${Object.keys(steps).join(', ')}`)
for (const name of names) steps[name].prepare?.()
mkdirSync('test-results', { recursive: true })

const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []
for (const name of names) {
  const started = Date.now()
  rmSync(report(name), { force: true })
  const code = await new Promise((resolve) => {
    const [program, ...rest] = [...(steps[name].under ?? []), process.execPath, ...steps[name].command, ...args]
    const child = spawn(program, rest, {
      stdio: 'inherit',
      env: {
        ...process.env,
        PLAYWRIGHT_JSON_OUTPUT_FILE: report(name),
        STORYBOOK_DISABLE_TELEMETRY: '1',
      },
    })
    child.on('error', () => resolve(1))
    child.on('exit', (status) => resolve(status ?? 1))
  })
  const result = read(name)
  if (result.passed + result.failed === 0) console.error(`${name}: ran no test`)
  // A step that ends badly, or ran nothing, counts as a failure whatever its report says.
  if (result.failed === 0 && (code !== 0 || result.passed === 0)) {
    result.failed = 1
    result.failures.push(`${name}: ended with code ${code}, though no test failed`)
  }
  failures.push(...result.failures)
  for (const key of Object.keys(total)) total[key] += result[key]
  console.log(
    `${name}: ${result.passed} passed, ${result.failed} failed, ${Math.round((Date.now() - started) / 1000)} s\n`,
  )
}
// Once more at the end: the report of a long run is read from there.
for (const line of failures) console.log(`FAILED ${line}`)
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`)
process.exitCode = total.failed ? 1 : 0

function read(name) {
  try {
    const json = JSON.parse(readFileSync(report(name), 'utf8'))
    return { ...steps[name].count(json), failures: steps[name].failures(json) }
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] }
  }
}
