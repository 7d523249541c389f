import { userEvent, within } from 'storybook/test'
import { answerPicker, file, rowOf } from '../scene.js'
import { partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemUploadNew', tags: ['autodocs'], ...partPage('ItemUploadNew') }

export const Shown = shown('ItemUploadNew', {
  left: ['report.pdf'],
  before: async (canvasElement) => {
    const row = await rowOf(canvasElement, 'report.pdf', 'interrupted')
    answerPicker(file('another.pdf', 500))
    await userEvent.click(within(row).getByRole('button', { name: /^Choose/ }))
  },
})
