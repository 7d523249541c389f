import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemSignIn', tags: ['autodocs'], ...partPage('ItemSignIn') }

export const Shown = shown('ItemSignIn', {
  ...held('report.pdf'),
  scripts: { 'report.pdf': { failAfter: { parts: 5, status: 401 } } },
  root: { onSignIn: async () => {} },
})
