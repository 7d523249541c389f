import { UploadsProvider } from 'react-openai-uploads'
import { publish } from './actions'
import { ArticleForm } from './article-form'

export default function Page() {
  return (
    <main>
      <h1>Publish an article</h1>
      <UploadsProvider endpoint="/api/uploads">
        <ArticleForm publish={publish} />
      </UploadsProvider>
    </main>
  )
}
