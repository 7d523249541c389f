/**
 * Bugs that a good engineer could write, each in one place: `find` stands exactly once in `file`, `replace` is the bug.
 * `why` names the promise that it breaks; `near` are the tests that look there, which are run before all others.
 */
export const mutants = [
  // EVERY BYTE, ONCE AND IN ORDER

  {
    name: 'part ids in order of acceptance',
    why: 'the list of part ids is the file: another order is another file',
    file: 'src/core/parts.ts',
    near: ['src/core/parts.test'],
    find: '[...this.#entered].sort((a, b) => a.start - b.start)',
    replace: '[...this.#entered]',
  },
  {
    name: 'part cut by its index',
    why: 'a part size that changed on the way mixes the bytes up',
    file: 'src/core/remote-calls.ts',
    near: ['src/core/uploader-bytes.test'],
    find: 'const body = size === file.size ? file : file.slice(range.start, range.end)',
    replace: `const wanted = host.nextPartSize(file.size)
  const index = Math.floor(range.start / wanted)
  const body = size === file.size ? file : file.slice(index * wanted, (index + 1) * wanted)`,
  },
  {
    name: 'complete before all parts',
    why: 'complete is called for a file whose end is missing',
    file: 'src/core/parts.ts',
    near: ['src/core/parts.test'],
    find: 'whole.start === 0 && whole.end === bytesTotal',
    replace: 'whole.start === 0',
  },
  {
    name: 'edge of a part taken for inclusive',
    why: 'two ranges may share a byte, which is then in the file twice',
    file: 'src/core/parts.ts',
    near: ['src/core/parts.test'],
    find: '(after && after.start < end)',
    replace: '(after && after.start < end - 1)',
  },
  {
    name: 'duplicate part id accepted',
    why: 'two ranges of the file are one part on the server',
    file: 'src/core/parts.ts',
    near: ['src/core/parts.test'],
    find: '(start >= 0 && start < end) || this.has(partId)',
    replace: '(start >= 0 && start < end)',
  },
  {
    name: 'part of another Upload accepted',
    why: "a reply that was mixed up on the way counts as this file's",
    file: 'src/core/answers.ts',
    near: ['src/core/answers.test'],
    find: "  if (part.upload_id !== uploadId) throw badAnswer('addPart', 'it belongs to another Upload')\n",
    replace: '',
  },
  {
    name: 'MD5 not sent',
    why: 'nobody compares what arrived with the file',
    file: 'src/core/remote-calls.ts',
    near: ['src/core/uploader-bytes.test'],
    find: 'partIds, ...(md5 !== null && { md5 }) }',
    replace: 'partIds }',
  },
  {
    name: 'mismatch not explained',
    why: 'a file that changed meanwhile is sent again, and told as a broken line',
    file: 'src/core/remote-calls.ts',
    near: ['src/core/uploader-bytes.test'],
    find: "throw code === 'integrity_failed' ? await explainMismatch(thrown, caller, md5) : thrown",
    replace: 'throw thrown',
  },

  // TRYING AGAIN

  {
    name: 'backoff without jitter',
    why: 'all clients come back in the same moment',
    file: 'src/core/retry.ts',
    near: ['src/core/retry.test'],
    find: 'return random * Math.min(maxDelay, baseDelay * 2 ** (attempt - 1))',
    replace: 'return Math.min(maxDelay, baseDelay * 2 ** (attempt - 1))',
  },
  {
    name: 'Retry-After read as milliseconds',
    why: 'a server that asks for a minute is asked again within the second',
    file: 'src/core/retry.ts',
    near: ['src/core/retry.test'],
    find: 'const seconds = waitOf(header, 1000)',
    replace: 'const seconds = waitOf(header, 1)',
  },
  {
    name: 'Retry-After heeded by one file only',
    why: 'the other files go on asking a server that asked for patience',
    file: 'src/core/retry.ts',
    near: ['src/core/retry-gate.test', 'src/core/uploader-retry.test'],
    find: '    this.#closedUntil = until\n    this.#openAfter(delay)',
    replace: '    this.#openAfter(delay)',
  },
  {
    name: 'refusal tried again',
    why: 'a 403 is asked for ten minutes before the person hears of it',
    file: 'src/core/retry.ts',
    near: ['src/core/retry.test'],
    find: "  'rate_limited',\n  'bad_response',\n",
    replace: "  'rate_limited',\n  'forbidden',\n  'bad_response',\n",
  },
  {
    name: 'gives up by count',
    why: 'a server that restarts for a minute fails the upload',
    file: 'src/core/retry.ts',
    near: ['src/core/retry.test', 'src/core/uploader-retry.test'],
    find: "if (now.sinceProgress + delay > options.giveUpAfter) return { type: 'fail' }",
    replace: "if (now.attempt > 5) return { type: 'fail' }",
  },
  {
    name: 'every upload signs in by itself',
    why: 'four files that are signed out open four sign-ins',
    file: 'src/core/uploader.ts',
    near: ['src/core/uploader-sign-in.test'],
    find: 'this.#refreshing ??= (async',
    replace: 'this.#refreshing = (async',
  },
  {
    name: 'refused size throws accepted parts away',
    why: 'a 413 costs all that was sent before',
    file: 'src/core/upload.ts',
    near: ['src/core/uploader-part-limit.test'],
    find: "else if (code === 'part_too_large' && partSize.refuse(bytes)) this.#watcher.changed(this, 'progress')",
    replace: `else if (code === 'part_too_large' && partSize.refuse(bytes)) {
      const { token } = this.#transfer
      this.#startOver()
      this.#transfer.token = token
      this.#watcher.changed(this, 'progress')
    }`,
  },
  {
    name: 'range that fails alone stays first',
    why: 'it is sent again after every part that is accepted, and nothing ends its wait',
    file: 'src/core/transfer.ts',
    near: ['src/core/uploader-retry.test'],
    find: 'failed.isPostponed = failed.attempt >= MAX_TRIES_IN_TURN',
    replace: 'failed.isPostponed = false',
  },
  {
    name: 'every range that fails is put off',
    why: 'each leaves a gap in what was accepted, and a record of very many is dropped',
    file: 'src/core/transfer.ts',
    near: ['src/core/transfer.test'],
    find: '.slice(0, MAX_POSTPONED)',
    replace: '',
  },
  {
    name: 'first gap forgotten',
    why: 'when only postponed ranges are left, the one in front is never sent',
    file: 'src/core/parts.ts',
    near: ['src/core/parts.test'],
    find: '?? gap ?? cut',
    replace: '?? cut',
  },
  {
    name: 'part size without an end',
    why: 'parts are doubled beyond what OpenAI takes, or the app allows',
    file: 'src/core/part-size.ts',
    near: ['src/core/part-size.test'],
    find: 'Math.max(size, Math.min(to, 2 * size))',
    replace: '2 * size',
  },
  {
    name: 'one lost network counted per request',
    why: 'requests that break together halve their number again and again',
    file: 'src/core/concurrency.ts',
    near: ['src/core/concurrency.test'],
    find: 'else if (since > this.#brokenAt) this',
    replace: 'else this',
  },
  {
    name: 'given concurrency taken for a wish',
    why: 'what the backend says is the most is exceeded',
    file: 'src/core/concurrency.ts',
    near: ['src/core/concurrency.test'],
    find: 'Math.min(this.#given() ?? this.#goal, this.#lowered)',
    replace: 'Math.min(this.#goal, this.#lowered)',
  },

  // CALLS THAT STAND STILL

  {
    name: 'watchdog armed by the first byte',
    why: 'a line that never begins to move is never noticed',
    file: 'src/core/watchdog.ts',
    near: ['src/core/uploader-stall.test'],
    find: 'else if (elapsed >= this.#deadline)',
    replace: 'else if (this.#lastSignAt > this.#startedAt && elapsed >= this.#deadline)',
  },
  {
    name: 'sleep not noticed',
    why: 'after sleep, calls that nobody will answer are waited for',
    file: 'src/core/watchdog.ts',
    near: ['src/core/uploader-stall.test'],
    find: 'if (late > asleep && this.#lastSignAt <= expected.elapsed)',
    replace: 'if (late < 0 && this.#lastSignAt <= expected.elapsed)',
  },
  {
    name: 'hidden page taken for asleep',
    why: 'in a hidden tab, whose timers run once a minute, every slow part is sent again',
    file: 'src/core/watchdog.ts',
    near: ['src/core/uploader-stall.test'],
    find: 'this.#environment.isVisible() ? ASLEEP_MS : ASLEEP_WHILE_HIDDEN_MS',
    replace: 'ASLEEP_MS',
  },

  // THE END

  {
    name: 'parts go on after a cancel',
    why: 'no byte leaves after a cancel or a pause',
    file: 'src/core/transfer.ts',
    near: ['src/core/uploader-cancel.test'],
    find: '      sending.call?.stop()\n',
    replace: '',
  },
  {
    name: 'create on its way not cancelled',
    why: 'the Upload that is made meanwhile stays behind on the server',
    file: 'src/core/upload.ts',
    near: ['src/core/uploader-cancel.test'],
    find: "    if (this.#calls.has('create')) return\n    if (this.#state.remote) this.#host.queue.hurry(this)",
    replace: '    if (this.#state.remote) this.#host.queue.hurry(this)',
  },
  {
    name: 'undo loses the parts',
    why: 'a cancel that is taken back costs all that was sent',
    file: 'src/core/upload-state.ts',
    near: ['src/core/uploader-undo.test'],
    find: 'undo_cancel: (state) => (state.undoUntil === null ? state : queue(state))',
    replace: 'undo_cancel: (state) => (state.undoUntil === null ? state : startOver(state))',
  },
  {
    name: 'page that goes tells nothing',
    why: 'a cancel whose undo time runs is lost with the page',
    file: 'src/core/upload.ts',
    near: ['src/core/uploader-undo.test'],
    find: "    this.#alarms.keep('page_hide', this.#host.environment.onPageHide(leave))\n",
    replace: '    void leave\n',
  },
  {
    name: 'end told twice',
    why: 'each run has one end, and a failed upload that is removed has had its own',
    file: 'src/core/uploader.ts',
    near: ['src/core/uploader-store.test'],
    find: 'this.#leaving.set(upload, isSettled(upload.state))',
    replace: 'this.#leaving.set(upload, false)',
  },
  {
    name: 'late refusal taken for a failure',
    why: 'after the hour a retry asks for parts that nobody keeps any more',
    file: 'src/core/recovery.ts',
    near: ['src/core/uploader-expiry.test'],
    find: "error.code === 'expired' || (late && isRefusal(error))",
    replace: "error.code === 'expired'",
  },
  {
    name: 'unknown outcome told as a failure',
    why: 'a file that may well have arrived is said to have failed',
    file: 'src/core/upload.ts',
    near: ['src/core/uploader-race.test'],
    find: '    if (isUnanswered(failure.error.code)) this.#transfer.completeUnanswered = true\n',
    replace: '',
  },

  // WHAT IS SHOWN

  {
    name: 'bar falls back',
    why: 'the bar never moves backwards',
    file: 'src/core/progress.ts',
    near: ['src/core/progress.test'],
    find: 'this.#fraction = Math.max(this.#fraction, Math.min(reached, MAX_FRACTION_BEFORE_COMPLETED))',
    replace: 'this.#fraction = Math.min(reached, MAX_FRACTION_BEFORE_COMPLETED)',
  },
  {
    name: '100 % before completed',
    why: 'the file does not exist before complete was answered',
    file: 'src/core/progress.ts',
    near: ['src/core/progress.test'],
    find: 'const MAX_FRACTION_BEFORE_COMPLETED = 0.99',
    replace: 'const MAX_FRACTION_BEFORE_COMPLETED = 1',
  },
  {
    name: 'negative speed',
    why: 'bytes that are sent again are no speed',
    file: 'src/core/progress.ts',
    near: ['src/core/progress.test'],
    find: 'if (last && (bytes <= last.bytes || now <= last.at)) {',
    replace: 'if (last && now <= last.at) {',
  },
  {
    name: 'snapshot always new',
    why: 'React renders without end when nothing has changed',
    file: 'src/core/upload-store.ts',
    near: ['src/core/uploader-store.test'],
    find: 'this.#snapshot ??= this.#takeSnapshot()',
    replace: 'this.#snapshot = this.#takeSnapshot()',
  },
  {
    name: 'listener that throws stops the others',
    why: "a bug of the app's stops no upload",
    file: 'src/core/app-code.ts',
    near: ['src/core/uploader-store.test'],
    find: '    return undefined\n',
    replace: '    throw error\n',
  },

  // AFTER A RELOAD

  {
    name: 'part counts before it is written down',
    why: 'a crash in between loses a part that the person was shown as there',
    file: 'src/core/upload.ts',
    near: ['src/core/uploader-resume.test'],
    find: `      await this.#entry?.accepted(range, id)
      if (transfer === this.#transfer) this.#partAccepted(sending)`,
    replace: `      if (transfer === this.#transfer) this.#partAccepted(sending)
      await this.#entry?.accepted(range, id)`,
  },
  {
    name: 'lock forgotten',
    why: 'two tabs send the same upload',
    file: 'src/core/resume/journal.ts',
    near: ['src/core/uploader-tabs.test'],
    find: 'lock = await this.#environment.lock(lockOf(remote.id))',
    replace: 'lock = { isHeld: async () => true, release: () => {} }',
  },
  {
    name: 'lock never given back',
    why: 'no other tab can go on until this one is closed',
    file: 'src/core/resume/journal.ts',
    near: ['src/core/uploader-tabs.test'],
    find: '        ended.abort()\n        lock.release()\n',
    replace: '        ended.abort()\n',
  },
  {
    name: 'both tabs tell their app',
    why: 'the same file would be saved twice',
    file: 'src/core/uploader.ts',
    near: ['src/core/uploader-tabs.test'],
    find: 'if (!this.#leaving.get(upload) && !upload.snapshot.inOtherTab) ',
    replace: 'if (!this.#leaving.get(upload)) ',
  },
  {
    name: 'fence ignored',
    why: 'a page that was frozen sends what another tab has taken over',
    file: 'src/core/upload.ts',
    near: ['src/core/uploader-tabs.test'],
    find: 'if (!this.#entry || (await this.#entry.isHeld())) return true',
    replace: 'return true',
  },
  {
    name: 'refusal of complete taken at its word',
    why: 'the second of two deliveries is refused, and the file is there',
    file: 'src/core/closing.ts',
    near: ['src/core/uploader-refused-complete.test'],
    find: 'if (refused && mayBeATwin(error.code) && !this.#isLate(transfer)) return this.#findOut(failure)',
    replace: "if (refused && mayBeATwin(error.code) && !this.#isLate(transfer)) return { type: 'recover' }",
  },
  {
    name: 'storage failure fails the upload',
    why: 'a full or broken storage stops no upload',
    file: 'src/core/resume/journal.ts',
    near: ['src/core/uploader-resume.test'],
    find: `        this.#usable = false
        this.#onLost()
      }
      return undefined`,
    replace: `        this.#usable = false
        this.#onLost()
      }
      throw new Error('The storage failed.')`,
  },
  {
    name: 'code that cannot be loaded fails the upload',
    why: 'a chunk that a deployment replaced, or that a page without a connection asks for, stops no upload',
    file: 'src/core/resume-on-demand.ts',
    near: ['src/core/resume-on-demand.test'],
    find: '() => this.#load()).catch(() => this.#lose()))',
    replace: '() => this.#load()))',
  },
  {
    name: 'code asked for when it is needed',
    why: 'a page that is offline by then can load nothing',
    file: 'src/core/uploader.ts',
    near: ['src/core/resume-on-demand.test'],
    find: '    this.#resume?.prepare()\n',
    replace: '',
  },
  {
    name: 'code that failed to load asked for once',
    why: 'one moment without a connection, and nothing is remembered until the page is reloaded',
    file: 'src/core/resume-on-demand.ts',
    near: ['src/core/resume-on-demand.test'],
    find: '        this.#loading = null\n',
    replace: '',
  },
  {
    name: 'restored part not checked',
    why: 'a record that was tampered with, or is of another version, makes a mixed file',
    file: 'src/core/resume/resume-record.ts',
    near: ['src/core/uploader-resume.test'],
    find: '    if (!part || !ledger.enter(part, part.partId) || ledger',
    replace: '    if (part) ledger.enter(part, part.partId)\n    if (!part || ledger',
  },
  {
    name: 'chosen file recognised by its size',
    why: 'the rest of another file is put behind the beginning of the first',
    file: 'src/core/resume/journal.ts',
    near: ['src/core/uploader-resume.test'],
    find: 'return file.size === head.file.size && (await sampleOf(file, this.#checksum)) === head.sample',
    replace: 'return file.size === head.file.size',
  },

  // THE HANDLER

  {
    name: 'token of another user accepted',
    why: "one user can touch another's upload",
    file: 'src/server/token.ts',
    near: ['src/server/token.test'],
    find: '  if (payload.sub !== (await subjectOf(key, expected.userId))) return null\n',
    replace: '',
  },
  {
    name: 'short part passed on',
    why: 'a part that was cut on the way is stored as a whole one',
    file: 'src/server/part.ts',
    near: ['src/server/part.test'],
    find: '      if (expected !== null && received < expected) return incomplete(received, expected)\n',
    replace: '',
  },
  {
    name: "OpenAI's 401 told to the browser",
    why: 'that text prints a part of the key',
    file: 'src/server/relay.ts',
    near: ['src/server/relay.test'],
    find: "'The upload backend is not allowed to use OpenAI.'",
    replace: "error?.message ?? 'The upload backend is not allowed to use OpenAI.'",
  },
  {
    name: 'origin compared by its beginning',
    why: 'https://app.example.evil.example may spend the cookies of https://app.example',
    file: 'src/server/origin.ts',
    near: ['src/server/origin.test'],
    find: 'return URL.canParse(own) && new URL(own).origin === origin',
    replace: 'return URL.canParse(own) && origin.startsWith(new URL(own).origin)',
  },
  {
    name: 'key of a create shared by users',
    why: 'one user gets the Upload, and the token, of another who drew the same key',
    file: 'src/server/once.ts',
    near: ['src/server/once.test'],
    find: 'JSON.stringify([userId, key])',
    replace: 'JSON.stringify([key])',
  },
  {
    name: 'slower instance keeps its own Upload',
    why: 'two tries of one create that overtake each other are two Uploads',
    file: 'src/server/once.ts',
    near: ['src/server/once.test'],
    find: 'const faster = first ? null : await tell(readCreated(keys.created(of), digest), null)',
    replace: 'const faster = first ? null : null',
  },
  {
    name: 'lock in Redis taken by everybody',
    why: 'two instances make the same call at the same time',
    file: 'src/server/redis.ts',
    near: ['src/server/redis.test'],
    find: "'EX', ARGV[2], 'NX')",
    replace: "'EX', ARGV[2])",
  },

  // THE UPLOADS API ITSELF

  {
    name: 'boundary looked for in each chunk alone',
    why: 'what a boundary that two chunks share ends is in the part, and so is the boundary',
    file: 'src/uploads-api/form-splitter.ts',
    near: ['src/uploads-api/multipart.test'],
    find: 'const end = at === -1 ? safeLength(this.#held, this.#delimiter) : at',
    replace: 'const end = at === -1 ? this.#held.length : at',
  },
  {
    name: 'second field put behind the first',
    why: 'a form with two readings is stored by one of them',
    file: 'src/uploads-api/multipart.ts',
    near: ['src/uploads-api/multipart.test'],
    find: '} else if (this.#seen) {',
    replace: '} else if (this.#seen && !this.#isData) {',
  },
  {
    name: 'bytes of expired Uploads kept',
    why: 'what nobody can complete any more fills the disk',
    file: 'src/uploads-api/uploads.ts',
    near: ['src/uploads-api/storage-disk.test'],
    find: '      if (upload.parts.size > 0 && isOverAt(upload.record, now)) await this.#discardParts(upload)\n',
    replace: '',
  },
  {
    name: 'bytes that could not be removed forgotten',
    why: 'a disk that fails once keeps what is in the way for ever',
    file: 'src/uploads-api/uploads.ts',
    near: ['src/uploads-api/storage-disk.test'],
    find: '    for (const upload of this.#encumbered) await this.#discardParts(upload)\n',
    replace: '',
  },
  {
    name: 'end of an Upload counts before it is saved',
    why: 'a restart takes an answer back',
    file: 'src/uploads-api/uploads.ts',
    near: ['src/uploads-api/refusals.test'],
    find: '    await this.#deps.storage.save(record)\n    upload.record = record\n',
    replace: '    upload.record = record\n    await this.#deps.storage.save(record)\n',
  },

  // WHAT IS DRAWN

  {
    name: 'letters cut in two',
    why: 'a name that is cut in the middle loses half of an emoji, or an accent',
    file: 'src/styled/name-ends.ts',
    near: ['src/styled/name-ends.test'],
    find: "  if (!('Segmenter' in Intl)) return Array.from(name)\n",
    replace: '  if (name) return Array.from(name)\n',
  },
]
