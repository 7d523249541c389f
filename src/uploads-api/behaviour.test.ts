import { describe, expect, it } from 'vitest'
import { createApiCaller, textOf } from './api-caller.test.kit.js'
import { DEFAULT_BEHAVIOUR, type UploadsApiBehaviour } from './behaviour.js'

const withBehaviour = (behaviour: Partial<UploadsApiBehaviour>) => createApiCaller({ behaviour })
const wrongMd5 = '00000000000000000000000000000000'

describe('behaviour, where the real API is not documented', () => {
  it('limits: bytes, Parts, lifetime and purposes', async () => {
    const { create, addPart } = withBehaviour({
      maxUploadBytes: 9e9,
      maxParts: 1,
      lifetimeSeconds: 7200,
      purposes: ['assistants'],
    })
    const { body } = await create({ bytes: 9e9, purpose: 'assistants' })
    expect(body.expires_at - body.created_at).toBe(7200)
    expect((await create({ purpose: 'batch' })).status).toBe(400)
    expect((await addPart(body.id, 'one')).status).toBe(200)
    expect(await addPart(body.id, 'two')).toMatchObject({ status: 400, body: { error: { param: 'data' } } })
  })

  it("unknownFields 'ignore' takes a body with more in it", async () => {
    const { create, call } = withBehaviour({ unknownFields: 'ignore' })
    const { id } = (await create({ colour: 'red', bytes: 4 })).body
    const form = new FormData()
    form.set('colour', 'red')
    form.set('data', 'tale')
    form.set('shade', new Blob(['dark']))
    expect((await call('POST', `/v1/uploads/${id}/parts`, form)).status).toBe(200)
  })

  it("unknownFields 'refuse' refuses a form with more in it", async () => {
    const { create, call, api } = createApiCaller()
    const { id } = (await create()).body
    const form = new FormData()
    form.set('data', 'tale')
    form.set('colour', 'red')
    expect(await call('POST', `/v1/uploads/${id}/parts`, form)).toMatchObject({
      status: 400,
      body: { error: { param: 'colour' } },
    })
    expect(api.uploads[0]?.parts).toEqual([])
  })

  it("zeroBytes 'allow' takes an Upload of nothing, with or without an empty Part", async () => {
    const { api, create, addPart, complete } = withBehaviour({ zeroBytes: 'allow' })
    const { id } = (await create({ bytes: 0 })).body
    const completed = await complete(id, [])
    expect(completed.body.file.bytes).toBe(0)
    expect(await api.readFile(completed.body.file.id)).toHaveLength(0)
    const other = (await create({ bytes: 0 })).body.id
    const part = await addPart(other, '')
    expect((await complete(other, [part.body.id], 'd41d8cd98f00b204e9800998ecf8427e')).status).toBe(200)
  })

  it.each([
    ['per-part', [200, 200, 400]],
    ['cumulative', [200, 400, 400]],
    ['off', [200, 200, 200]],
  ] as const)('overflow %j measures Parts of 4, 4 and 7 bytes against 6 declared', async (overflow, statuses) => {
    const { create, addPart } = withBehaviour({ overflow })
    const { id } = (await create({ bytes: 6 })).body
    const answers = []
    for (const data of ['tale', 'tale', 'stories']) answers.push((await addPart(id, data)).status)
    expect(answers).toEqual(statuses)
  })

  it('partTooLargeStatus 413 refuses a large Part with that', async () => {
    const { create, addPart } = withBehaviour({ partTooLargeStatus: 413, maxPartBytes: 2 })
    expect((await addPart((await create()).body.id, 'tale')).status).toBe(413)
  })

  it.each([400, 404, 409] as const)('closedStatus %i is the answer after cancel and complete', async (closedStatus) => {
    const { uploadOf, addPart, complete, cancel } = withBehaviour({ closedStatus })
    const { id, partIds } = await uploadOf(['tale'])
    await complete(id, partIds)
    expect((await complete(id, partIds)).status).toBe(closedStatus)
    expect((await cancel(id)).status).toBe(closedStatus)
    expect((await addPart(id, 'tale')).status).toBe(closedStatus)
  })

  it.each([400, 404, 409, 410] as const)('expiredStatus %i is the answer after expiry', async (expiredStatus) => {
    const { uploadOf, addPart, complete, cancel, clock } = withBehaviour({ expiredStatus })
    const { id, partIds } = await uploadOf(['tale'])
    clock.advance(3600)
    expect((await addPart(id, 'tale')).status).toBe(expiredStatus)
    expect((await complete(id, partIds)).status).toBe(expiredStatus)
    expect((await cancel(id)).status).toBe(expiredStatus)
  })

  it("orphanParts 'count' refuses to complete when unlisted Parts make it too much", async () => {
    const { uploadOf, addPart, complete } = withBehaviour({ orphanParts: 'count' })
    const { id, partIds } = await uploadOf(['tale'])
    await addPart(id, 'x')
    expect(await complete(id, partIds)).toMatchObject({ status: 400, body: { error: { param: 'part_ids' } } })
  })

  it("duplicatePartIds 'allow' repeats the bytes of the Part", async () => {
    const { api, uploadOf, complete } = withBehaviour({ duplicatePartIds: 'allow' })
    const { id, partIds } = await uploadOf(['ha'], { bytes: 4 })
    const { body } = await complete(id, [...partIds, ...partIds])
    expect(textOf(await api.readFile(body.file.id))).toBe('haha')
  })

  it('checkMd5 false completes with any md5', async () => {
    const { uploadOf, complete } = withBehaviour({ checkMd5: false })
    const { id, partIds } = await uploadOf(['tale'])
    expect((await complete(id, partIds, wrongMd5)).status).toBe(200)
  })

  it("afterMd5Mismatch 'cancelled' ends the Upload", async () => {
    const { api, uploadOf, complete } = withBehaviour({ afterMd5Mismatch: 'cancelled' })
    const { id, partIds } = await uploadOf(['tale'])
    expect(await complete(id, partIds, wrongMd5)).toMatchObject({ status: 400, body: { error: { param: 'md5' } } })
    expect(api.uploads[0]).toMatchObject({ status: 'cancelled', parts: [] })
  })

  it('completeDelay makes complete wait on the clock', async () => {
    const waits: number[] = []
    const clock = { now: () => 0, sleep: async (milliseconds: number) => void waits.push(milliseconds) }
    const { uploadOf, complete } = createApiCaller({ clock, behaviour: { completeDelay: 90_000 } })
    const { id, partIds } = await uploadOf(['tale'])
    expect((await complete(id, partIds)).status).toBe(200)
    expect(waits).toEqual([90_000])
  })

  it("completedFileBytes 'null' leaves out the size in the answer of complete only", async () => {
    const { uploadOf, complete, call } = withBehaviour({ completedFileBytes: 'null' })
    const { id, partIds } = await uploadOf(['tale'])
    const { file } = (await complete(id, partIds)).body
    expect(file.bytes).toBeNull()
    expect((await call('GET', `/v1/files/${file.id}`)).body.bytes).toBe(4)
  })

  it("secondComplete 'repeat' answers the same again, and only to the same part_ids", async () => {
    const { uploadOf, complete, api } = withBehaviour({ secondComplete: 'repeat' })
    const { id, partIds } = await uploadOf(['once', 'upon'])
    const first = await complete(id, partIds)
    expect(await complete(id, partIds)).toMatchObject({ status: 200, body: first.body })
    expect((await complete(id, partIds.toReversed())).status).toBe(400)
    expect((await complete(id, partIds.slice(1))).status).toBe(400)
    expect(api.files).toHaveLength(1)
  })

  it("secondCancel 'repeat' answers the same again", async () => {
    const { create, cancel } = withBehaviour({ secondCancel: 'repeat' })
    const { id } = (await create()).body
    const first = await cancel(id)
    expect(await cancel(id)).toMatchObject({ status: 200, body: first.body })
  })

  it("cancelOfCompleted 'unchanged' answers with the completed Upload", async () => {
    const { uploadOf, complete, cancel, api } = withBehaviour({ cancelOfCompleted: 'unchanged' })
    const { id, partIds } = await uploadOf(['tale'])
    const completed = await complete(id, partIds)
    expect(await cancel(id)).toMatchObject({ status: 200, body: completed.body })
    expect(api.files).toHaveLength(1)
  })

  it('privatePurposes refuses the content of such Files, not the Files', async () => {
    const { fileOf, call } = withBehaviour({ privatePurposes: ['user_data'] })
    const id = await fileOf(['tale'], { purpose: 'user_data' })
    expect(await call('GET', `/v1/files/${id}/content`)).toMatchObject({
      status: 400,
      body: { error: { message: 'Not allowed to download files of purpose: user_data' } },
    })
    expect((await call('GET', `/v1/files/${id}`)).status).toBe(200)
  })

  it('has a default that is not changed by use', () => {
    withBehaviour({ maxParts: 1 })
    expect(DEFAULT_BEHAVIOUR.maxParts).toBe(Infinity)
  })
})
