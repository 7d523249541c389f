import type { Count, ErrorVariables, Messages, Trouble } from '../components/messages.js'
import { pluralsOf } from './plurals.js'

const plural = /* @__PURE__ */ pluralsOf<'zero' | 'one' | 'two' | 'few' | 'many'>('ar')

const files = (count: Count) =>
  plural(count, {
    zero: 'لا ملفات',
    one: 'ملف واحد',
    two: 'ملفان',
    few: `${count.number} ملفات`,
    many: `${count.number} ملفًا`,
    other: `${count.number} ملف`,
  })
/** The same as an object or after a preposition, where two of them end otherwise. */
const ofFiles = (count: Count) => (count.count === 2 ? 'ملفين' : files(count))
const uploads = (count: Count) =>
  plural(count, {
    zero: 'لا عمليات رفع',
    one: 'عملية رفع واحدة',
    two: 'عمليتا رفع',
    few: `${count.number} عمليات رفع`,
    other: `${count.number} عملية رفع`,
  })
const reopenable = (count: Count) => `يمكن متابعة ما يلي: ${uploads(count)}.`
const safe = ({ percent, until }: ErrorVariables) =>
  percent ? ` ${percent} منه محفوظ${until ? ` حتى ${until}` : ''}.` : ''
const unsent = (code: Trouble['code']) => (error: ErrorVariables) =>
  `تعذّر إرسال ${error.name}: ${trouble(code)}.${safe(error) || ' حاول مرة أخرى.'}`
const notSetUp = ({ name }: ErrorVariables) => `لا يمكن رفع ${name}: الرفع غير مُعدّ في هذا الموقع. أخبر صاحب الموقع.`

/** What made an upload wait, or stop. */
const troubles: Partial<Record<Trouble['code'], string>> = {
  network: 'انقطع الاتصال',
  timeout: 'الاتصال بطيء جدًا الآن',
  server_error: 'واجهت خدمة الرفع مشكلة',
  upstream_error: 'واجهت خدمة الرفع مشكلة',
  bad_response: 'أرسل الخادم ردًا غير متوقع',
  part_incomplete: 'وصل جزء منه ناقصًا',
  rate_limited: 'عمليات رفع كثيرة في وقت واحد',
}
const trouble = (code: Trouble['code']) => troubles[code] ?? 'حدث خطأ ما'

/** Arabic, with its six plural forms. For `messages`, with `locale="ar"` for numbers and times, and `dir="rtl"`. */
export const arabic: Messages = {
  dropzone: 'رفع الملفات',
  labelRequired: ({ label }) => `${label} (مطلوب)`,
  chooseFiles: 'اختر ملفات',
  addMoreFiles: 'أضف ملفات أخرى',
  orDrop: 'أو أفلتها هنا',
  drop: 'أفلت الملفات هنا',
  dropCount: (count) => `أفلت لإضافة ${ofFiles(count)}`,
  dropSome: ({ fits, all }) => `أفلت لإضافة ${fits.number} من ${ofFiles(all)}`,
  dropUnknown: 'أفلت لفحص هذه الملفات',
  dropRoom: (count) => `بقي مكان لإضافة ${ofFiles(count)}.`,
  dropRejected: ({ types }) => `لا يمكن إضافة هذه الملفات هنا.${types ? ` المسموح: ${types}.` : ''}`,
  full: (count) =>
    plural(count, {
      zero: 'لا يمكن إضافة ملفات.',
      one: 'أضيف الملف. أزله لإضافة غيره.',
      two: 'أضيف الملفان المسموح بهما. أزل أحدهما لإضافة غيره.',
      other: `أضيف ${count.number} من ${files(count)}. أزل أحدها لإضافة غيره.`,
    }),
  reading: 'جارٍ قراءة الملفات…',
  readingFolder: (count) => `جارٍ قراءة المجلد… عُثر على ${ofFiles(count)}`,
  stopReading: 'إيقاف',
  folderEmpty: ({ name }) => `لا توجد ملفات في ${name}.`,
  disabled: ({ reason }) => `الرفع متوقف.${reason ? ` ${reason}` : ''}`,
  limits: ({ types, max, files: most }) =>
    `${types ? `${types}. ` : ''}حتى ${max} لكل ملف${most ? `، و${ofFiles(most)} على الأكثر` : ''}.`,
  moreTypes: (count) =>
    plural(count, {
      one: 'نوع آخر',
      two: 'نوعان آخران',
      few: `${count.number} أنواع أخرى`,
      many: `${count.number} نوعًا آخر`,
      other: `${count.number} نوع آخر`,
    }),
  replaceFile: 'استبدل الملف',
  orDropOne: 'أو أفلته هنا',
  kindImage: 'صور',
  kindAudio: 'صوت',
  kindVideo: 'فيديو',
  kindText: 'نص',
  list: 'عمليات الرفع',
  listOf: ({ shown, total }) =>
    shown.count === total.count
      ? `عمليات الرفع، ${files(total)}`
      : `عمليات الرفع، ${shown.number} من ${ofFiles(total)}`,
  position: ({ position, total }) => `${position} من ${total}`,
  statusWaiting: 'في الانتظار',
  statusPending: 'قيد الرفع',
  statusCompleted: 'اكتمل',
  statusCancelled: 'أُلغي',
  statusExpired: 'انتهت المهلة',
  statusNotStarted: 'لم يبدأ',
  pause: 'إيقاف مؤقت',
  resume: 'استئناف',
  tryNow: 'حاول الآن',
  chooseFile: 'اختر الملف',
  chooseAgain: 'اختر من جديد',
  signIn: 'تسجيل الدخول',
  pauseOthers: 'إيقاف العمليات الأخرى مؤقتًا',
  cancel: 'إلغاء',
  cancelTooLate: 'فات أوان الإلغاء: يجري إنهاء الملف.',
  discard: 'تجاهل',
  undo: 'تراجع',
  retry: 'إعادة المحاولة',
  startAgain: 'ابدأ من جديد',
  uploadAgain: 'ارفع من جديد',
  uploadAsNew: 'ارفعه كملف جديد',
  uploadAnyway: 'ارفع على أي حال',
  remove: 'إزالة',
  delete: 'حذف',
  copyId: 'نسخ المعرّف',
  copied: 'نُسخ',
  details: 'التفاصيل',
  copyDetails: 'نسخ',
  detailCode: 'رمز الخطأ',
  detailStatus: 'حالة HTTP',
  detailRequest: 'معرّف الطلب',
  detailUpload: 'معرّف الرفع',
  dismiss: 'إخفاء',
  dismissOne: ({ name }) => `إخفاء الرسالة عن ${name}`,
  showAll: ({ number }) => `عرض الكل (${number})`,
  showFewer: 'عرض أقل',
  queued: 'في انتظار البدء',
  queuedBehind: (count) =>
    plural(count, {
      one: 'في انتظار عملية رفع أخرى',
      two: 'في انتظار عمليتي رفع أخريين',
      few: `في انتظار ${count.number} عمليات رفع أخرى`,
      other: `في انتظار ${count.number} عملية رفع أخرى`,
    }),
  queuedToContinue: ({ percent }) => `في انتظار المتابعة من ${percent}`,
  creating: 'يبدأ الآن',
  checking: ({ percent }) => `جارٍ فحص الملف${percent ? `، ${percent}` : ''}`,
  bytes: ({ sent, total }) => `${sent} من ${total}`,
  timeLeft: ({ duration }) => `بقي نحو ${duration}`,
  fewSecondsLeft: 'بقيت ثوانٍ قليلة',
  stalled: 'في انتظار الاتصال',
  expiresAt: ({ time }) => `تنتهي المهلة الساعة ${time}.`,
  expiresIn: ({ duration }) => `تنتهي المهلة بعد ${duration}.`,
  atRisk: ({ time, duration }) => `تنتهي المهلة الساعة ${time}. بهذه السرعة يحتاج إلى ${duration} إضافية.`,
  paused: ({ percent }) => `متوقف مؤقتًا عند ${percent}.`,
  pausedForSignIn: ({ percent, time }) =>
    `سُجّل خروجك. سجّل الدخول للمتابعة؛ ${percent} محفوظ${time ? ` حتى ${time}` : ''}.`,
  offline: 'أنت غير متصل. سيتابع تلقائيًا.',
  interrupted: ({ name, percent }) => `اختر ${name} من جديد للمتابعة من ${percent}.`,
  differentFile: ({ name, sizes }) =>
    `هذا ملف آخر${sizes ? ` (${sizes.chosen}، والمتوقع ${sizes.expected})` : ''}. اختر ${name}.`,
  retrying: ({ code, seconds, attempt }) => `${trouble(code)}. تُعاد المحاولة بعد ${seconds} (المحاولة ${attempt}).`,
  rateLimited: ({ code, seconds }) => `${trouble(code)}. سيتابع بعد ${seconds}.`,
  completing: 'جارٍ الإنهاء',
  stillCompleting: 'ما زال الإنهاء جاريًا. قد تحتاج الملفات الكبيرة إلى دقيقة.',
  cancelling: 'جارٍ الإلغاء',
  inOtherTab: 'في علامة تبويب أخرى',
  cancelledAt: ({ percent }) => `أُلغي عند ${percent}.`,
  cancelUnconfirmed: ({ time }) => `أُلغي هنا. تنتهي مهلة النسخة غير المكتملة الساعة ${time}.`,
  partMap: ({ accepted, total, sending, retried }) =>
    `قُبل من الأجزاء ${accepted} من ${total.number}${sending.count > 0 ? `، ويُرسل ${sending.number}` : ''}${
      retried.count > 0 ? `، منها ${retried.number} مرة أخرى` : ''
    }`,
  tooSlow: ({ speed, duration }) => `بسرعة ${speed} يحتاج هذا الملف إلى نحو ${duration}.`,
  rejections: 'ملفات لم تُضف',
  rejectedMany: ({ code, names, max, min, types, maxFiles, message, ...count }) => {
    switch (code) {
      case 'file_too_large':
        return `${files(count)} أكبر من المسموح: ${names}. الحد ${max}.`
      case 'file_too_small':
        return `${files(count)} أصغر من المطلوب: ${names}.${min ? ` الحد الأدنى ${min}.` : ''}`
      case 'file_empty':
        return `${files(count)} بلا محتوى (0 بايت): ${names}.`
      case 'file_type_not_allowed':
        return `${files(count)} من نوع آخر: ${names}.${types ? ` المسموح: ${types}.` : ''}`
      case 'file_duplicate':
        return `${files(count)} في القائمة من قبل: ${names}.`
      case 'too_many_files':
        return `العدد المسموح ${maxFiles}. لم يُضف ${files(count)}: ${names}.`
      default:
        return `لم يُضف ${files(count)}: ${names}. ${message}`
    }
  },
  andMore: (count) => `${count.number} غيرها`,
  formRequired: 'اختر ملفًا.',
  formPending: (count) => `لم تكتمل بعد ${uploads(count)}. انتظر أو ألغِ ما بقي.`,
  formHeld: (count) => (count.count === 0 ? 'جارٍ الإرسال…' : `يُرسل تلقائيًا عند اكتمال ما بقي: ${uploads(count)}.`),
  formStopped: (count) => `لم يُرسل: توقفت ${uploads(count)}. حاول مرة أخرى، أو أرسل من دون ما توقف.`,
  uploadingCount: ({ current, total }) => `جارٍ رفع ${current} من ${ofFiles(total)}`,
  uploadedAndAttention: ({ uploaded, attention }) => `رُفع ${files(uploaded)}، ويحتاج ${files(attention)} إلى انتباهك`,
  uploadedCount: (count) => `رُفع ${files(count)}`,
  cancelledCount: (count) => `أُلغيت ${uploads(count)}`,
  pausedCount: (count) => `أُوقفت مؤقتًا ${uploads(count)}`,
  offlineCount: (count) => `أنت غير متصل. في الانتظار: ${uploads(count)}.`,
  interruptedCount: (count) => `${reopenable(count)} اختر الملفات من جديد.`,
  reopenableCount: reopenable,
  uploadedOf: ({ uploaded, total }) => `رُفع ${uploaded.number} من ${ofFiles(total)}`,
  overall: 'كل عمليات الرفع',
  pauseAll: 'إيقاف الكل مؤقتًا',
  resumeAll: 'استئناف الكل',
  cancelAll: 'إلغاء الكل',
  retryAll: ({ number }) => `إعادة المحاولة (${number})`,
  clearFinished: 'إزالة المكتمل',
  needsAttention: 'يحتاج إلى انتباه',
  showFinished: (count) => `إظهار ما رُفع: ${files(count)}`,
  hideFinished: 'إخفاء الملفات المرفوعة',
  discardAll: 'تجاهل الكل',
  noMatch: ({ name }) => `${name} ليس من الملفات التي يمكن متابعتها.`,
  announceDragOver: 'الملفات فوق منطقة الإفلات. أفلت لإضافتها.',
  announceDragLeft: 'خرجت من منطقة الإفلات.',
  announceAdded: ({ name, ...count }) => (count.count === 1 ? `أضيف ${name}.` : `أضيف ${files(count)}.`),
  announceMilestone: ({ name, percent }) => (name ? `${name}: رُفع ${percent}.` : `رُفع ${percent} من كل الملفات.`),
  announceCompleted: ({ name, left, ...count }) =>
    `رُفع ${count.count === 1 ? name : files(count)}${left.count > 0 ? `، وبقي ${left.number}` : ''}.`,
  announceCount: ({ uploaded, total }) => `رُفع ${uploaded.number} من ${ofFiles(total)}.`,
  announceCancelled: ({ name, ...count }) => (count.count === 1 ? `أُلغي رفع ${name}.` : `أُلغيت ${uploads(count)}.`),
  announceFailed: ({ text, ...count }) =>
    count.count === 1 ? text : `توقف الرفع ويحتاج إلى انتباهك: ${uploads(count)}.`,
  announcePaused: ({ name, percent }) => `توقف ${name} مؤقتًا عند ${percent}.`,
  announceRetrying: ({ code, name }) => `${trouble(code)}. تُعاد المحاولة مع ${name}.`,
  announceOnline: 'عاد الاتصال. تستمر عمليات الرفع.',
  announceCopied: 'نُسخ معرّف الملف.',
  announceReading: 'جارٍ قراءة الملفات.',
  announceAtRisk: ({ name, time }) => `قد لا يكتمل ${name} قبل انتهاء مهلته الساعة ${time}.`,
  announceFinishing: ({ name }) => `جارٍ إنهاء ${name}.`,
  error_file_empty: ({ name }) => `الملف ${name} بلا محتوى (0 بايت). افحصه واختره من جديد.`,
  error_file_too_small: ({ name, size, min }) =>
    `الملف ${name} أصغر من المطلوب: ${size}.${min ? ` الحد الأدنى ${min}.` : ''}`,
  error_file_too_large: ({ name, size, max }) => `الملف ${name} أكبر من المسموح: ${size}. الحد ${max}.`,
  error_file_type_not_allowed: ({ name, kind, types }) =>
    types
      ? `الملف ${name} من نوع ${kind ?? 'آخر'}. المسموح: ${types}.`
      : `لا يستطيع OpenAI استخدام ${name} لهذا الغرض${kind ? `: نوعه ${kind}` : ''}.`,
  error_too_many_files: ({ name, maxFiles }) =>
    `لم يُضف ${name}.${maxFiles ? ` العدد المسموح ${maxFiles}؛ أزل ملفًا آخر أولًا.` : ''}`,
  error_file_duplicate: ({ name }) => `الملف ${name} في القائمة من قبل.`,
  error_file_rejected: ({ name }) => `لا يمكن إضافة ${name} هنا. اختر ملفًا آخر.`,
  error_file_unreadable: ({ name }) =>
    `لا يستطيع المتصفح فتح ${name}. ربما نُقل أو هو محمي أو لم تنتهِ مزامنته. اختره من جديد.`,
  error_file_changed: ({ name }) => `تغيّر ${name} بعد اختياره. اختره من جديد لرفع النسخة الجديدة.`,
  error_file_gone: ({ name }) => `لم يعد ${name} موجودًا. اختره من جديد.`,
  error_file_mismatch: ({ name, size }) => `هذا ملف غير الذي بدأ رفعه. اختر ${name} (${size}).`,
  error_auth_required: ({ name, percent, until }) =>
    percent
      ? `سُجّل خروجك. سجّل الدخول للمتابعة؛ ${percent} من ${name} محفوظ${until ? ` حتى ${until}` : ''}.`
      : `سُجّل خروجك. سجّل الدخول لرفع ${name}.`,
  error_forbidden: ({ name }) => `ليس لديك إذن برفع ${name} هنا.`,
  error_token_invalid: ({ name }) => `لم يعد الإذن برفع ${name} صالحًا. ارفعه من جديد.`,
  error_rate_limited: unsent('rate_limited'),
  error_quota_exceeded: ({ name }) => `نفدت حصة الرفع لهذا الحساب. لم يُرفع ${name}.`,
  error_not_found: ({ name }) => `لم يعد الخادم يعرف رفع ${name} هذا. ارفعه من جديد.`,
  error_method_not_allowed: notSetUp,
  error_invalid_request: ({ name }) => `لم يقبل OpenAI الملف ${name}. انظر التفاصيل.`,
  error_part_too_large: ({ name }) => `لا يقبل هذا الموقع ملفات بحجم ${name}. أخبر صاحب الموقع.`,
  error_part_incomplete: unsent('part_incomplete'),
  error_upstream_auth: notSetUp,
  error_upstream_error: unsent('upstream_error'),
  error_network: unsent('network'),
  error_timeout: unsent('timeout'),
  error_server_error: unsent('server_error'),
  error_bad_response: unsent('bad_response'),
  error_integrity_failed: ({ name }) => `النسخة المرفوعة من ${name} لا تطابق ملفك، فلم تُحفظ. ارفعه من جديد.`,
  error_outcome_unknown: ({ name }) => `انقطع الاتصال في النهاية تمامًا. ربما وصل ${name}: تحقق قبل رفعه من جديد.`,
  error_expired: ({ name }) => `لم يكتمل ${name} خلال ساعة واحدة فأُهمل. ابدأ من جديد.`,
  error_cancelled: ({ name }) => `أُلغي رفع ${name}.`,
  error_invalid_options: ({ name }) => `لا يمكن رفع ${name}: إعداد الرفع هنا غير صحيح. أخبر صاحب الموقع.`,
  error_unknown: ({ name }) => `حدث خطأ مع ${name}. انظر التفاصيل.`,
}
