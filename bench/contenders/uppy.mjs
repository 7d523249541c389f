import Uppy from '@uppy/core'

export async function uploadWithUppy(files, configure) {
  const uppy = new Uppy()
  configure(uppy)
  uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file, source: 'bench' })))
  const { failed } = await uppy.upload()
  uppy.destroy()
  if (failed.length > 0) throw new Error(failed[0].error)
}
