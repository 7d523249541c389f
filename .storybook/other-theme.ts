import axe from 'axe-core'

interface Shown {
  canvasElement: HTMLElement
  globals: { theme?: unknown }
  parameters: { a11y?: { test?: unknown } }
}

/** The addon looks at each story in its own theme. In a test run, axe looks at what the story came to in the other one. */
export async function lookInOtherTheme({ canvasElement, globals, parameters }: Shown): Promise<void> {
  const stage = canvasElement.querySelector<HTMLElement>('.preview')
  const isTest = import.meta.env['VITEST_STORYBOOK'] === 'false'
  if (!isTest || !stage || parameters.a11y?.test === 'off') return
  const theme = globals.theme === 'dark' ? 'dark' : 'light'
  const other = theme === 'dark' ? 'light' : 'dark'
  // A colour on its way to another one is neither.
  stage.dataset['still'] = ''
  stage.dataset['theme'] = other
  try {
    const { violations } = await axe.run(stage, { resultTypes: ['violations'] })
    if (violations.length > 0) throw new Error(`In ${other}, axe finds:\n${violations.map(textOf).join('\n')}`)
  } finally {
    stage.dataset['theme'] = theme
    delete stage.dataset['still']
  }
}

function textOf({ id, help, nodes }: axe.Result): string {
  return [`${id}: ${help}`, ...nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`)].join('\n')
}
