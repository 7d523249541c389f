import type { Preview } from '@storybook/react-vite'
import '../src/styled/styles.css'
import { lookInOtherTheme } from './other-theme.ts'
import './preview.css'

const preview: Preview = {
  parameters: {
    a11y: { test: 'error' }, // a finding of axe fails the story
    controls: { expanded: true },
    layout: 'fullscreen',
  },
  globalTypes: {
    theme: {
      description: 'Theme',
      toolbar: { icon: 'mirror', items: ['light', 'dark'], dynamicTitle: true },
    },
    direction: {
      description: 'Writing direction',
      toolbar: { icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: 'light', direction: 'ltr' },
  afterEach: lookInOtherTheme,
  decorators: [
    (Story, { globals }) => (
      <div className="preview" data-theme={globals.theme} dir={globals.direction}>
        <Story />
      </div>
    ),
  ],
}

export default preview
