import type { Count, ErrorVariables, Messages, Trouble } from '../components/messages.js'
import { pluralsOf } from './plurals.js'

const plural = /* @__PURE__ */ pluralsOf<'one'>('de')

const files = (count: Count) => `${count.number} ${plural(count, { one: 'Datei', other: 'Dateien' })}`
const uploads = (count: Count) => `${count.number} ${plural(count, { one: 'Upload', other: 'Uploads' })}`
const safe = ({ percent, until }: ErrorVariables) =>
  percent ? ` ${percent} sind${until ? ` bis ${until}` : ''} sicher.` : ''
const unsent = (code: Trouble['code']) => (error: ErrorVariables) =>
  `${error.name} wurde nicht gesendet: ${trouble(code)}.${safe(error) || ' Versuchen Sie es erneut.'}`

/** What made an upload wait, or stop. */
const troubles: Partial<Record<Trouble['code'], string>> = {
  network: 'Die Verbindung ist abgebrochen',
  timeout: 'Die Verbindung ist gerade zu langsam',
  server_error: 'Der Uploaddienst hatte ein Problem',
  upstream_error: 'Der Uploaddienst hatte ein Problem',
  bad_response: 'Der Server hat unerwartet geantwortet',
  part_incomplete: 'Ein Teil kam unvollständig an',
  rate_limited: 'Es sind zu viele Uploads gleichzeitig',
}
const trouble = (code: Trouble['code']) => troubles[code] ?? 'Etwas ist schiefgegangen'

/** German, with the formal address. For `messages`, with `locale="de"` for numbers and times. */
export const german: Messages = {
  dropzone: 'Dateien hochladen',
  labelRequired: ({ label }) => `${label} (erforderlich)`,
  chooseFiles: 'Dateien auswählen',
  addMoreFiles: 'Weitere Dateien hinzufügen',
  orDrop: 'oder hierher ziehen',
  drop: 'Dateien hier ablegen',
  dropCount: (count) => `Ablegen, um ${files(count)} hinzuzufügen`,
  dropSome: ({ fits, all }) => `Ablegen, um ${fits.number} von ${files(all)} hinzuzufügen`,
  dropUnknown: 'Ablegen, um diese Dateien zu prüfen',
  dropRoom: (count) => `Sie können noch ${files(count)} hinzufügen.`,
  dropRejected: ({ types }) =>
    `Diese Dateien können hier nicht hinzugefügt werden.${types ? ` Erlaubt: ${types}.` : ''}`,
  full: (count) =>
    plural(count, {
      one: 'Datei hinzugefügt. Entfernen Sie sie, um eine andere hinzuzufügen.',
      other: `${count.number} von ${files(count)} hinzugefügt. Entfernen Sie eine, um eine andere hinzuzufügen.`,
    }),
  reading: 'Dateien werden gelesen…',
  readingFolder: (count) => `Ordner wird gelesen… ${files(count)} gefunden`,
  stopReading: 'Anhalten',
  folderEmpty: ({ name }) => `In ${name} sind keine Dateien.`,
  disabled: ({ reason }) => `Das Hochladen ist ausgeschaltet.${reason ? ` ${reason}` : ''}`,
  limits: ({ types, max, files: most }) =>
    `${types ? `${types}. ` : ''}Bis zu ${max} je Datei${most ? `, höchstens ${files(most)}` : ''}.`,
  moreTypes: (count) => `${count.number} ${plural(count, { one: 'weiterer Dateityp', other: 'weitere Dateitypen' })}`,
  replaceFile: 'Datei ersetzen',
  orDropOne: 'oder hierher ziehen',
  kindImage: 'Bilder',
  kindAudio: 'Audio',
  kindVideo: 'Video',
  kindText: 'Text',
  list: 'Uploads',
  listOf: ({ shown, total }) =>
    shown.count === total.count ? `Uploads, ${files(total)}` : `Uploads, ${shown.number} von ${files(total)}`,
  position: ({ position, total }) => `${position} von ${total}`,
  statusWaiting: 'Wartet',
  statusPending: 'Ausstehend',
  statusCompleted: 'Abgeschlossen',
  statusCancelled: 'Abgebrochen',
  statusExpired: 'Abgelaufen',
  statusNotStarted: 'Nicht begonnen',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  tryNow: 'Jetzt versuchen',
  chooseFile: 'Datei auswählen',
  chooseAgain: 'Erneut auswählen',
  signIn: 'Anmelden',
  pauseOthers: 'Andere Uploads anhalten',
  cancel: 'Abbrechen',
  cancelTooLate: 'Zu spät zum Abbrechen: Die Datei wird gerade fertiggestellt.',
  discard: 'Verwerfen',
  undo: 'Rückgängig machen',
  retry: 'Erneut versuchen',
  startAgain: 'Neu beginnen',
  uploadAgain: 'Erneut hochladen',
  uploadAsNew: 'Als neue Datei hochladen',
  uploadAnyway: 'Trotzdem hochladen',
  remove: 'Entfernen',
  delete: 'Löschen',
  copyId: 'ID kopieren',
  copied: 'Kopiert',
  details: 'Einzelheiten',
  copyDetails: 'Kopieren',
  detailCode: 'Fehlercode',
  detailStatus: 'HTTP-Status',
  detailRequest: 'Anfrage-ID',
  detailUpload: 'Upload-ID',
  dismiss: 'Ausblenden',
  dismissOne: ({ name }) => `Ausblenden der Meldung zu ${name}`,
  showAll: ({ number }) => `Alle ${number} anzeigen`,
  showFewer: 'Weniger anzeigen',
  queued: 'Wartet auf den Beginn',
  queuedBehind: (count) =>
    `Wartet auf ${count.number} ${plural(count, { one: 'anderen Upload', other: 'andere Uploads' })}`,
  queuedToContinue: ({ percent }) => `Wartet, um bei ${percent} fortzufahren`,
  creating: 'Beginnt',
  checking: ({ percent }) => `Datei wird geprüft${percent ? `, ${percent}` : ''}`,
  bytes: ({ sent, total }) => `${sent} von ${total}`,
  timeLeft: ({ duration }) => `noch etwa ${duration}`,
  fewSecondsLeft: 'noch wenige Sekunden',
  stalled: 'Wartet auf die Verbindung',
  expiresAt: ({ time }) => `Läuft um ${time} ab.`,
  expiresIn: ({ duration }) => `Läuft in ${duration} ab.`,
  atRisk: ({ time, duration }) => `Läuft um ${time} ab. Bei diesem Tempo fehlen dann noch ${duration}.`,
  paused: ({ percent }) => `Bei ${percent} angehalten.`,
  pausedForSignIn: ({ percent, time }) =>
    `Sie wurden abgemeldet. Melden Sie sich an, um fortzufahren; ${percent} sind${time ? ` bis ${time}` : ''} sicher.`,
  offline: 'Sie sind offline. Es geht von selbst weiter.',
  interrupted: ({ name, percent }) => `Wählen Sie ${name} erneut aus, um bei ${percent} fortzufahren.`,
  differentFile: ({ name, sizes }) =>
    `Das ist eine andere Datei${sizes ? ` (${sizes.chosen} statt ${sizes.expected})` : ''}. Wählen Sie ${name} aus.`,
  retrying: ({ code, seconds, attempt }) => `${trouble(code)}. Neuer Versuch in ${seconds} (Versuch ${attempt}).`,
  rateLimited: ({ code, seconds }) => `${trouble(code)}. Es geht in ${seconds} weiter.`,
  completing: 'Wird fertiggestellt',
  stillCompleting: 'Wird noch fertiggestellt. Große Dateien können eine Minute brauchen.',
  cancelling: 'Wird abgebrochen',
  inOtherTab: 'In einem anderen Tab',
  cancelledAt: ({ percent }) => `Bei ${percent} abgebrochen.`,
  cancelUnconfirmed: ({ time }) => `Hier abgebrochen. Die unfertige Kopie läuft um ${time} ab.`,
  partMap: ({ accepted, total, sending, retried }) =>
    `${accepted} von ${total.number} ${plural(total, { one: 'Teil', other: 'Teilen' })} angenommen${
      sending.count > 0 ? `, ${sending.number} unterwegs` : ''
    }${retried.count > 0 ? `, davon ${retried.number} noch einmal` : ''}`,
  tooSlow: ({ speed, duration }) => `Mit ${speed} braucht diese Datei etwa ${duration}.`,
  rejections: 'Dateien, die nicht hinzugefügt wurden',
  rejectedMany: ({ code, number, names, max, min, types, maxFiles, message }) => {
    switch (code) {
      case 'file_too_large':
        return `${number} Dateien sind zu groß: ${names}. Die Grenze liegt bei ${max}.`
      case 'file_too_small':
        return `${number} Dateien sind zu klein: ${names}.${min ? ` Mindestens ${min} sind nötig.` : ''}`
      case 'file_empty':
        return `${number} Dateien sind leer (0 Byte): ${names}.`
      case 'file_type_not_allowed':
        return `${number} Dateien sind von anderer Art: ${names}.${types ? ` Erlaubt: ${types}.` : ''}`
      case 'file_duplicate':
        return `${number} Dateien sind schon in der Liste: ${names}.`
      case 'too_many_files':
        return `Höchstens ${maxFiles} Dateien sind möglich. ${number} wurden nicht hinzugefügt: ${names}.`
      default:
        return `${number} Dateien wurden nicht hinzugefügt: ${names}. ${message}`
    }
  },
  andMore: ({ number }) => `${number} weitere`,
  formRequired: 'Wählen Sie eine Datei aus.',
  formPending: (count) =>
    plural(count, {
      one: `Warten Sie, bis ${uploads(count)} fertig ist, oder brechen Sie ihn ab.`,
      other: `Warten Sie, bis ${uploads(count)} fertig sind, oder brechen Sie sie ab.`,
    }),
  formHeld: (count) =>
    count.count === 0
      ? 'Wird abgeschickt…'
      : `Wird von selbst abgeschickt, sobald ${uploads(count)} fertig ${plural(count, { one: 'ist', other: 'sind' })}.`,
  formStopped: (count) =>
    plural(count, {
      one: `Nicht abgeschickt: ${uploads(count)} ist stehen geblieben. Versuchen Sie es erneut, oder schicken Sie ohne ihn ab.`,
      other: `Nicht abgeschickt: ${uploads(count)} sind stehen geblieben. Versuchen Sie es erneut, oder schicken Sie ohne sie ab.`,
    }),
  uploadingCount: ({ current, total }) => `Datei ${current} von ${total.number} wird hochgeladen`,
  uploadedAndAttention: ({ uploaded, attention }) =>
    `${uploaded.number} hochgeladen, ${attention.number} ${plural(attention, { one: 'braucht', other: 'brauchen' })} Ihre Hilfe`,
  uploadedCount: (count) => `${files(count)} hochgeladen`,
  cancelledCount: (count) => `${uploads(count)} abgebrochen`,
  pausedCount: (count) => `${uploads(count)} angehalten`,
  offlineCount: (count) => `Sie sind offline. ${uploads(count)} ${plural(count, { one: 'wartet', other: 'warten' })}.`,
  interruptedCount: (count) =>
    `${uploads(count)} ${plural(count, { one: 'kann', other: 'können' })} weitergehen. Wählen Sie die Dateien erneut aus.`,
  reopenableCount: (count) => `${uploads(count)} ${plural(count, { one: 'kann', other: 'können' })} weitergehen.`,
  uploadedOf: ({ uploaded, total }) => `${uploaded.number} von ${files(total)} hochgeladen`,
  overall: 'Alle Uploads',
  pauseAll: 'Alle anhalten',
  resumeAll: 'Alle fortsetzen',
  cancelAll: 'Alle abbrechen',
  retryAll: ({ number }) => `${number} erneut versuchen`,
  clearFinished: 'Fertige entfernen',
  needsAttention: 'Hilfe nötig',
  showFinished: (count) => `${files(count)} zeigen, die hochgeladen ${plural(count, { one: 'ist', other: 'sind' })}`,
  hideFinished: 'Hochgeladene Dateien verbergen',
  discardAll: 'Alle verwerfen',
  noMatch: ({ name }) => `${name} ist keine der Dateien, die weitergehen können.`,
  announceDragOver: 'Dateien über dem Ablagebereich. Ablegen, um sie hinzuzufügen.',
  announceDragLeft: 'Ablagebereich verlassen.',
  announceAdded: ({ name, ...count }) => `${count.count === 1 ? name : files(count)} hinzugefügt.`,
  announceMilestone: ({ name, percent }) =>
    name ? `${name}: ${percent} hochgeladen.` : `${percent} aller Dateien hochgeladen.`,
  announceCompleted: ({ name, left, ...count }) =>
    `${count.count === 1 ? name : files(count)} hochgeladen${left.count > 0 ? `, noch ${left.number}` : ''}.`,
  announceCount: ({ uploaded, total }) => `${uploaded.number} von ${files(total)} hochgeladen.`,
  announceCancelled: ({ name, ...count }) =>
    count.count === 1 ? `Upload von ${name} abgebrochen.` : `${uploads(count)} abgebrochen.`,
  announceFailed: ({ text, ...count }) =>
    count.count === 1 ? text : `${uploads(count)} wurden unterbrochen und brauchen Ihre Hilfe.`,
  announcePaused: ({ name, percent }) => `${name} bei ${percent} angehalten.`,
  announceRetrying: ({ code, name }) => `${trouble(code)}. Neuer Versuch mit ${name}.`,
  announceOnline: 'Sie sind wieder online. Die Uploads gehen weiter.',
  announceCopied: 'Datei-ID kopiert.',
  announceReading: 'Dateien werden gelesen.',
  announceAtRisk: ({ name, time }) => `${name} wird vielleicht nicht fertig, bevor der Upload um ${time} abläuft.`,
  announceFinishing: ({ name }) => `${name} wird fertiggestellt.`,
  error_file_empty: ({ name }) => `${name} ist leer (0 Byte). Prüfen Sie die Datei und wählen Sie sie erneut aus.`,
  error_file_too_small: ({ name, size, min }) =>
    `${name} ist zu klein: ${size}.${min ? ` Mindestens ${min} sind nötig.` : ''}`,
  error_file_too_large: ({ name, size, max }) => `${name} ist zu groß: ${size}. Die Grenze liegt bei ${max}.`,
  error_file_type_not_allowed: ({ name, kind, types }) =>
    types
      ? `${name} ist ${kind ? `eine ${kind}-Datei` : 'von anderer Art'}. Erlaubt: ${types}.`
      : `OpenAI kann ${name} für diesen Zweck nicht verwenden${kind ? `: Es ist eine ${kind}-Datei` : ''}.`,
  error_too_many_files: ({ name, maxFiles }) =>
    `${name} wurde nicht hinzugefügt.${maxFiles ? ` Möglich sind ${maxFiles}; entfernen Sie zuerst eine andere.` : ''}`,
  error_file_duplicate: ({ name }) => `${name} ist schon in der Liste.`,
  error_file_rejected: ({ name }) => `${name} kann hier nicht hinzugefügt werden. Wählen Sie eine andere Datei aus.`,
  error_file_unreadable: ({ name }) =>
    `Der Browser kann ${name} nicht öffnen: verschoben, geschützt oder noch nicht synchronisiert. Wählen Sie sie erneut aus.`,
  error_file_changed: ({ name }) =>
    `${name} wurde seit der Auswahl geändert. Wählen Sie sie erneut aus, um die neue Fassung hochzuladen.`,
  error_file_gone: ({ name }) => `${name} ist nicht mehr da. Wählen Sie sie erneut aus.`,
  error_file_mismatch: ({ name, size }) =>
    `Das ist eine andere Datei als die begonnene. Wählen Sie ${name} (${size}) aus.`,
  error_auth_required: ({ name, percent, until }) =>
    percent
      ? `Sie wurden abgemeldet. Melden Sie sich an, um fortzufahren; ${percent} von ${name} sind${until ? ` bis ${until}` : ''} sicher.`
      : `Sie wurden abgemeldet. Melden Sie sich an, um ${name} hochzuladen.`,
  error_forbidden: ({ name }) => `Sie dürfen ${name} hier nicht hochladen.`,
  error_token_invalid: ({ name }) =>
    `Die Erlaubnis, ${name} hochzuladen, gilt nicht mehr. Laden Sie die Datei erneut hoch.`,
  error_rate_limited: unsent('rate_limited'),
  error_quota_exceeded: ({ name }) => `Das Kontingent dieses Kontos ist aufgebraucht. ${name} wurde nicht hochgeladen.`,
  error_not_found: ({ name }) =>
    `Der Server kennt diesen Upload von ${name} nicht mehr. Laden Sie die Datei erneut hoch.`,
  error_method_not_allowed: ({ name }) =>
    `${name} kann nicht hochgeladen werden: Uploads sind hier nicht eingerichtet. Informieren Sie die Betreiber.`,
  error_invalid_request: ({ name }) => `OpenAI hat ${name} nicht angenommen. Siehe Einzelheiten.`,
  error_part_too_large: ({ name }) =>
    `Diese Website nimmt keine so großen Dateien wie ${name} an. Informieren Sie die Betreiber.`,
  error_part_incomplete: unsent('part_incomplete'),
  error_upstream_auth: ({ name }) =>
    `${name} kann nicht hochgeladen werden: Uploads sind hier nicht eingerichtet. Informieren Sie die Betreiber.`,
  error_upstream_error: unsent('upstream_error'),
  error_network: unsent('network'),
  error_timeout: unsent('timeout'),
  error_server_error: unsent('server_error'),
  error_bad_response: unsent('bad_response'),
  error_integrity_failed: ({ name }) =>
    `Die Kopie von ${name} gleicht Ihrer Datei nicht und wurde verworfen. Laden Sie sie erneut hoch.`,
  error_outcome_unknown: ({ name }) =>
    `Die Verbindung brach ganz am Ende ab. ${name} ist vielleicht angekommen: Prüfen Sie es vor einem neuen Versuch.`,
  error_expired: ({ name }) =>
    `${name} wurde nicht innerhalb einer Stunde fertig und deshalb verworfen. Beginnen Sie neu.`,
  error_cancelled: ({ name }) => `Der Upload von ${name} wurde abgebrochen.`,
  error_invalid_options: ({ name }) =>
    `${name} kann nicht hochgeladen werden: Uploads sind falsch eingerichtet. Informieren Sie die Betreiber.`,
  error_unknown: ({ name }) => `Mit ${name} ist etwas schiefgegangen. Siehe Einzelheiten.`,
}
