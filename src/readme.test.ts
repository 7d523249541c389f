import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

// What an app brings along. Everything else that a snippet mentions has to be in it.
const APP = `
declare function save(id: string): void
declare function userOf(request: Request): Promise<{ id: string } | null>
declare const user: { id: string }
declare const file: File
declare const id: string
declare const app: {
  use(path: string, listener: ReturnType<typeof import('react-openai-uploads/node').toNodeListener>): void
  all(path: string, handle: (context: { req: { raw: Request } }) => Promise<Response>): void
}
declare const handler: import('react-openai-uploads/server').UploadsHandler
declare module '@/uploads' {
  export const handler: import('react-openai-uploads/server').UploadsHandler
}
`

/** The snippets of a document, each as a module; those with an ellipsis leave something out. */
function snippetsOf(path: string): Map<string, string> {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```tsx?\n(.*?)^```/gms)].map(([, code = '']) => code)
  const whole = blocks.filter((code) => !code.includes('…'))
  return new Map(whole.map((code, index) => [join(process.cwd(), `${path}-${index + 1}.tsx`), `${code}\nexport {}\n`]))
}

it('compiles each snippet of the README as it is written', { timeout: 120_000 }, () => {
  const snippets = snippetsOf('README.md')
  expect(snippets.size).toBeGreaterThan(7)
  const files = new Map([...snippets, [join(process.cwd(), 'app.d.ts'), APP]])

  const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8'))
  const { options: ours } = ts.parseJsonConfigFileContent(config, ts.sys, '.')
  // A snippet shows what there is, and need not use all of it.
  const options = { ...ours, noUnusedLocals: false }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = (path) => files.get(path) ?? readFile(path)
  host.fileExists = (path) => files.has(path) || fileExists(path)
  const program = ts.createProgram([...files.keys()], options, host)
  const found = [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })

  const say = ({ file, start = 0, messageText }: ts.Diagnostic) =>
    `${file?.fileName}:${file?.getLineAndCharacterOfPosition(start).line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  expect(found.map(say)).toEqual([])
})
