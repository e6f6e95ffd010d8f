import type { SetupTexts } from './setup-texts.ts';

export const setupTextsEs: SetupTexts = {
  newTitle: 'Examen nuevo',
  editTitle: (title) => `Configurar: ${title}`,
  copyTitle: (title) => `Duplicar: ${title}`,
  copyOf: (title) => `${title} (copia)`,
  back: 'Todos los exámenes',
  toExam: 'Abrir el examen',
  loading: 'Cargando…',
  untitled: 'Examen sin título',
  opened:
    'La sala de espera ya se ha abierto y puede que algunos estudiantes hayan leído estas reglas. Solo se pueden cambiar el título, el número de preguntas y los docentes.',
  over: 'El examen ha terminado. Su configuración ya no se puede cambiar.',
  groups: {
    exam: 'Examen',
    people: 'Docentes y organizador',
    proctors: 'Qué ve quien supervisa',
    students: 'Qué pueden hacer los estudiantes',
    browser: 'Navegador',
    review: 'Informes y revisión',
    data: 'Datos',
  },
  fields: {
    title: { name: 'Título', hint: 'Lo ven los estudiantes y aparece en cada informe.' },
    scheduledAt: { name: 'Inicio previsto', hint: 'Solo informativo: el examen lo inicia usted.' },
    minutes: { name: 'Duración en minutos', hint: 'Déjelo vacío si el examen dura hasta que usted lo termine.' },
    questions: {
      name: 'Número de preguntas',
      hint: 'Permite mostrar cuántas preguntas ha respondido cada estudiante.',
    },
    examUrl: {
      name: 'Dirección de las preguntas',
      hint: 'Los estudiantes continúan allí tras comprobar la cámara. Déjelo vacío para usar la página incluida.',
    },
    teachers: {
      name: 'Docentes',
      hint: 'Nombres de usuario de quienes pueden dirigir este examen y leer sus informes, separados por comas.',
    },
    organiserName: { name: 'Organizador', hint: 'Los estudiantes leen este nombre antes de dar su consentimiento.' },
    organiserContact: {
      name: 'Contacto para estudiantes',
      hint: 'Correo electrónico, teléfono o dirección web para preguntas y objeciones.',
    },
    privacyUrl: { name: 'Dirección del aviso de privacidad', hint: 'Se enlaza donde se da el consentimiento.' },
    liveView: { name: 'Vista en directo', hint: 'Qué se ve de un estudiante durante el examen.' },
    alertThumbnails: {
      name: 'Adjuntar una miniatura a los avisos',
      hint: 'Una imagen pequeña por aviso. Solo está en memoria y nunca se guarda en disco.',
    },
    sentinelImages: {
      name: 'Reenviar imágenes de un programa centinela aparte',
      hint: 'Solo para centros que lo hayan instalado en los equipos de los estudiantes.',
    },
    breaks: {
      name: 'Permitir pausas',
      hint: 'Los estudiantes pueden interrumpir la observación; el informe enumera las pausas.',
    },
    chat: {
      name: 'Permitir mensajes a quien supervisa',
      hint: 'Los estudiantes pueden pedir ayuda durante el examen. Los mensajes de usted les llegan en cualquier caso.',
    },
    phoneCamera: {
      name: 'Permitir un teléfono como cámara',
      hint: 'Los estudiantes escanean un código QR. El mismo análisis funciona en el teléfono, que solo envía lecturas. El informe indica cuándo se usó un teléfono.',
    },
    withoutCamera: {
      name: 'Permitir el examen sin una cámara que funcione',
      hint: 'El informe indica ese tiempo como no observado. Nunca cuenta en contra del estudiante.',
    },
    withoutAnalysis: {
      name: 'Permitir navegadores que no pueden analizar imágenes',
      hint: 'El informe indica ese tiempo como no observado. Nunca cuenta en contra del estudiante.',
    },
    withoutStorage: {
      name: 'Permitir navegadores sin almacenamiento',
      hint: 'Si la página se recarga sin conexión, se pierden las mediciones aún no enviadas.',
    },
    withoutLock: {
      name: 'Permitir navegadores que no detectan una segunda pestaña',
      hint: 'La misma sesión podría estar abierta en dos pestañas.',
    },
    safeExamBrowser: {
      name: 'Exigir Safe Exam Browser',
      hint: 'Los estudiantes abren el examen con una configuración de este servidor; los demás navegadores se rechazan.',
    },
    sebConfigKeys: {
      name: 'Claves de configuración (Config Keys) propias',
      hint: '64 dígitos hexadecimales cada una, separadas por comas. La configuración de este servidor se acepta siempre.',
    },
    sebBrowserExamKeys: {
      name: 'Browser Exam Keys',
      hint: 'Una por cada versión admitida de Safe Exam Browser, separadas por comas. Vacío: cualquier versión.',
    },
    reportToStudent: {
      name: 'Los estudiantes pueden leer su propio informe',
      hint: 'También pueden impugnar observaciones en él.',
    },
    history: {
      name: 'Incluir los informes en el historial de los estudiantes',
      hint: 'Quien dirige varios exámenes puede ver así juntos los informes de un estudiante. Los estudiantes lo leen antes de dar su consentimiento.',
    },
    reviewers: {
      name: 'Revisores por informe',
      hint: 'Con dos, el informe queda revisado cuando ambos han decidido.',
    },
    rulesVersion: {
      name: 'Versión de las reglas',
      hint: 'Elija una versión anterior para comparar con exámenes anteriores.',
    },
    framesDays: {
      name: 'Conservar las mediciones (días)',
      hint: 'Desde el fin del examen. Déjelo vacío para conservarlas hasta borrarlas a mano.',
    },
    reportsDays: {
      name: 'Conservar los informes (días)',
      hint: 'Desde el fin del examen. Déjelo vacío para conservarlos hasta borrarlos a mano.',
    },
    webhookUrl: {
      name: 'Dirección del webhook',
      hint: 'Recibe los inicios y fines de sesión, avisos, informes y revisiones. Debe empezar por https://.',
    },
    webhookFormat: {
      name: 'Formato de los webhooks',
      hint: 'Los enunciados xAPI son para un almacén de registros de aprendizaje (LRS).',
    },
  },
  choices: {
    liveView: { numbers: 'Solo mediciones', thumbnails: 'Mediciones y miniaturas', none: 'Desactivada' },
    reviewers: { '1': 'Uno', '2': 'Dos' },
    webhookFormat: { invigil: 'Invigil', xapi: 'Enunciados xAPI' },
    currentRules: 'Versión actual',
    rules: (version) => `Versión ${version}`,
  },
  webhookSecret: 'Secreto con el que se firman los webhooks:',
  withStudents: (count) =>
    count === 1
      ? 'Añadir también a su estudiante, con sus adaptaciones'
      : `Añadir también a sus ${count} estudiantes, con sus adaptaciones`,
  create: 'Crear examen',
  save: 'Guardar cambios',
  saved: 'Guardado.',
  notCopied: (count) => `El examen se ha creado, pero ${count} estudiantes o adaptaciones no se han podido copiar.`,
  duplicate: 'Duplicar este examen',
  remove: {
    open: 'Eliminar este examen',
    sure: (title, students) =>
      `¿Eliminar «${title}»? Se eliminan su configuración, ${students === 1 ? '1 inscripción' : `${students} inscripciones`} con sus adaptaciones y todos los enlaces personales. No se puede deshacer.`,
    yes: 'Eliminar examen',
    no: 'Conservarlo',
    why: 'Solo se puede eliminar un examen sin sesiones. Los informes se eliminan al acabar su plazo de conservación o a petición del estudiante.',
  },
  roster: {
    title: (count) => `Estudiantes (${count})`,
    none: 'Todavía no hay estudiantes. Añádalos desde un archivo o escríbalos en la página del examen.',
    table: 'Estudiantes de este examen',
    student: 'Estudiante',
    number: 'Número',
    extraTime: 'Tiempo extra',
    minutes: (minutes) => `${minutes} min`,
    accommodations: 'Adaptaciones',
    actions: 'Acciones',
    noAccommodations: 'ninguna',
    edit: 'Adaptaciones',
    editLabel: (name) => `Adaptaciones de ${name}`,
    remove: 'Quitar',
    removeLabel: (name) => `Quitar a ${name}`,
    removeSure: (name) =>
      `¿Quitar a ${name} de este examen? También se eliminan su enlace personal y sus adaptaciones.`,
    removeYes: 'Quitar estudiante',
    no: 'Volver',
    removed: (name) => `Se ha quitado a ${name}.`,
  },
  file: {
    title: 'Añadir estudiantes desde un archivo CSV',
    hint: 'Un estudiante por línea, con número y nombre. Se reconoce una fila de encabezado. No se añade nada hasta que usted lo confirme.',
    choose: 'Archivo CSV',
    unreadable: 'Este archivo no se puede leer como texto. Guárdelo como CSV (UTF-8) e inténtelo de nuevo.',
    empty: 'Este archivo no contiene estudiantes.',
    preview: (name) => `Vista previa de ${name}`,
    line: 'Línea',
    outcome: 'Resultado',
    isNew: 'se añadirá',
    renamed: (name) => `ya inscrito; su nombre era ${name}`,
    same: 'ya inscrito',
    problems: {
      no_number: 'falta el número de estudiante',
      bad_number: 'no es un número válido (letras, cifras y _ - . ~ @, sin espacios)',
      repeated: 'el mismo número que en una línea anterior',
      long_name: 'el nombre tiene más de 200 caracteres',
      quotes: 'falta una comilla',
    },
    summary: (valid, wrong) =>
      `Se ${valid === 1 ? 'puede añadir 1 estudiante' : `pueden añadir ${valid} estudiantes`}.${wrong === 0 ? '' : ` Líneas con errores: ${wrong}.`}`,
    tooMany: (max) => `Un archivo puede contener como máximo ${max} estudiantes.`,
    confirm: (count) => (count === 1 ? 'Añadir 1 estudiante' : `Añadir ${count} estudiantes`),
    discard: 'Descartar',
    added: (count) => (count === 1 ? 'Se ha añadido 1 estudiante.' : `Se han añadido ${count} estudiantes.`),
  },
  accommodations: {
    title: (name) => `Adaptaciones de ${name}`,
    hint: 'Una adaptación desactiva reglas para este estudiante o las hace esperar más. El informe la menciona por su nombre.',
    name: 'Nombre',
    nameHint: 'Como debe aparecer en el informe, por ejemplo «lee en voz alta».',
    rules: 'Reglas',
    usual: 'como siempre',
    longer: (factor) => `espera ${factor} veces más`,
    off: 'desactivada',
    add: 'Añadir una adaptación',
    drop: 'Quitar esta adaptación',
    extraTime: 'Añadir tiempo extra (minutos)',
    extraTimeHas: (minutes) =>
      `Este estudiante tiene ${minutes} minutos de tiempo extra. Puede retirar tiempo en la página del examen.`,
    noLimit: 'El examen no tiene límite de tiempo, así que no hay tiempo extra que dar.',
    save: 'Guardar',
    close: 'Cerrar sin guardar',
  },
};
