import { dropFolder, file, folder } from '../scene.js'
import { partPage, shown } from './part-page.js'

export default { title: 'Parts/StopReading', tags: ['autodocs'], ...partPage('StopReading') }

export const Shown = shown('StopReading', {
  before: (canvasElement) => dropFolder(canvasElement, folder('scans', [file('scan-1.png', 10)], { held: true })),
})
