import { createRef } from 'react'
import { expectTypeOf, it } from 'vitest'
import { UploadDropzone } from '../styled/index.js'
import { Root } from './index.js'
import type { FileRejection } from './root-store.js'
import type { UploadedFile } from './uploaded-file.js'
import type { UploadsHandle } from './use-uploads-handle.js'

const file: UploadedFile = { fileId: 'file-1', uploadId: null, name: 'a.txt', bytes: 1 }

it('has a list for a value, or one file where there is room for one', () => {
  void (<Root value={[file]} onValueChange={(value) => expectTypeOf(value).toEqualTypeOf<readonly UploadedFile[]>()} />)
  void (
    <Root
      multiple={false}
      value={file}
      onValueChange={(value) => expectTypeOf(value).toEqualTypeOf<UploadedFile | null>()}
    />
  )
  // @ts-expect-error one file is not a list
  void (<Root value={file} />)
  // @ts-expect-error a list is not one file
  void (<UploadDropzone multiple={false} value={[file]} />)
})

it('gives a handle to its ref', () => {
  const ref = createRef<UploadsHandle>()
  void (<UploadDropzone ref={ref} />)
  expectTypeOf(ref.current).toEqualTypeOf<UploadsHandle | null>()
  // @ts-expect-error the element is in the handle
  void (<Root ref={createRef<HTMLDivElement>()} />)
})

it('takes a handler of rejections written either way', () => {
  void (<Root onReject={(rejections) => expectTypeOf(rejections).toEqualTypeOf<FileRejection[]>()} />)
  void (<UploadDropzone onReject={(rejections: readonly FileRejection[]) => void rejections.length} />)
})
