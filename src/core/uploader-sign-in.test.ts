import { describe, expect, it } from 'vitest'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

/** An uploader whose sign-ins a test ends by hand. */
function signedOutStage(times: number) {
  const signIns: { succeed: () => void; fail: (reason: unknown) => void }[] = []
  const stage = setTheStage({
    concurrency: 8,
    onAuthRefresh: () => new Promise((succeed, fail) => signIns.push({ succeed, fail })),
  })
  stage.faults.add({ call: 'addPart', respond: { status: 401 }, times })
  return { ...stage, signIns }
}

describe('a person who is signed out in mid-upload', () => {
  it('is asked to sign in once, however many parts of however many files were refused', async () => {
    const stage = signedOutStage(8)
    const uploads = [stage.start(400), stage.start(400)]
    await stage.settle()
    expect(stage.signIns).toHaveLength(1)
    for (const { id } of uploads) {
      expect(stage.uploader.get(id)).toMatchObject({ status: 'paused', reason: 'auth' })
    }
    stage.signIns[0]?.succeed()
    for (const { file, ended } of uploads) await expectSameBytes(stage, await ended, file)
    expect(stage.signIns).toHaveLength(1)
    expect(stage.count('create')).toBe(2)
  })

  it('is asked again when it happens again later', async () => {
    const stage = signedOutStage(1)
    stage.faults.add({ call: 'complete', respond: { status: 401 } })
    const { file, ended } = stage.start(100)
    await stage.settle()
    stage.signIns[0]?.succeed()
    await stage.settle()
    expect(stage.signIns).toHaveLength(2)
    stage.signIns[1]?.succeed()
    await expectSameBytes(stage, await ended, file)
  })

  it('is not asked for ever: where it does not help, the upload fails and keeps its parts', async () => {
    const stage = signedOutStage(2)
    const { id, file, ended } = stage.start(100)
    await stage.settle()
    stage.signIns[0]?.succeed()
    await expect(ended).rejects.toMatchObject({ code: 'auth_required' })
    expect(stage.signIns).toHaveLength(1)
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.count('create')).toBe(1)
  })

  it('who does not sign in finds the upload failed, and nothing lost', async () => {
    const stage = signedOutStage(1)
    const { id, file, ended } = stage.start(100)
    await stage.settle()
    stage.signIns[0]?.fail(new Error('Dismissed.'))
    await expect(ended).rejects.toMatchObject({ code: 'auth_required' })
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.count('create')).toBe(1)
  })

  it('who paused meanwhile finds the upload paused', async () => {
    const stage = signedOutStage(1)
    const { id } = stage.start(100)
    await stage.settle()
    stage.uploader.pause(id)
    stage.signIns[0]?.succeed()
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'paused', reason: 'user' })
  })
})
