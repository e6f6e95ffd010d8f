import { failureTextsEs } from '../../i18n/failure-texts-es.ts';
import type { ElementTexts } from './element-texts.ts';

export const elementTextsEs: ElementTexts = {
  title: 'Supervisión',
  preview: 'Vista previa de su cámara.',
  consent: {
    title: 'Antes de encender la cámara',
    resume: 'Esta sesión ya ha comenzado. Si continúa, se reanuda donde se detuvo.',
    read: {
      name: 'Qué se mide',
      text: 'Unas cinco veces por segundo, su navegador mide la imagen de la cámara: cuántos rostros se ven, hacia dónde apuntan la cabeza y los ojos, si se ven manos o un teléfono, el brillo y la nitidez de la imagen. También registra cuándo otra pestaña o ventana está delante y cuándo usted copia o pega, pero nunca el contenido.',
    },
    sent: {
      name: 'Qué se envía',
      text: 'Solo esos números, sin sonido. Las imágenes no salen de este dispositivo, salvo que las reglas de este examen permitan que la supervisión las vea. En ese caso se envía una imagen pequeña cada dos segundos mientras la supervisión mira, o una sola cuando recibe una alerta. Las imágenes no se guardan, y esta página avisa siempre que se envía una.',
      never: 'Solo esos números. Las imágenes no salen de este dispositivo y no se graba sonido.',
      watched:
        'Esos números. Mientras la supervisión mira, también se envía una imagen pequeña cada dos segundos. Las imágenes no se guardan, y esta página avisa siempre que se envían. No se graba sonido.',
      alerts:
        'Esos números. Cuando la supervisión recibe una alerta, también se envía con ella una imagen pequeña. Las imágenes no se guardan, y esta página las cuenta. No se graba sonido.',
      both: 'Esos números. Mientras la supervisión mira, también se envía una imagen pequeña cada dos segundos; si no, una con cada alerta. Las imágenes no se guardan, y esta página avisa siempre que se envían. No se graba sonido.',
    },
    seen: {
      name: 'Quién lo ve',
      text: 'Una persona lee el informe. Los momentos en que la cámara no ve bien figuran como «no observado»; no cuentan en su contra.',
      live: 'La supervisión de este examen puede ver los números mientras dura.',
      notLive: 'Nadie mira los números durante el examen.',
      ownReport: 'Después podrá leer su propio informe y presentar objeciones.',
      noReport: 'La organización no muestra los informes a los estudiantes; puede pedir una copia de sus datos.',
    },
    kept: {
      name: 'Cuánto tiempo se guarda',
      text: 'Lo decide quien organiza el examen, que también puede decirle cómo pedir que se borren sus datos.',
      exactly:
        'Mediciones: {frames}. Informe: {reports}. Después se borran. Tras el examen puede descargar sus datos y pedir que se borren antes.',
      days: '{days} días después del examen',
      day: 'un día después del examen',
      atOnce: 'hasta el final del examen',
      byHand: 'hasta que la organización los borre',
    },
    numbers: 'Todas las mediciones',
    download: 'El análisis de imagen, unos 30 MB, se descarga una vez y después lo guarda su navegador.',
    agree: 'Acepto, encender la cámara',
    goOn: 'Continuar, encender la cámara',
    decline: 'No acepto',
  },
  organiser: { name: 'Quién organiza el examen', privacy: 'Aviso de privacidad' },
  declined: {
    title: 'Usted no ha aceptado',
    text: 'La cámara sigue apagada y no se ha grabado ni enviado nada. Sin cámara no puede hacer el examen aquí. Pregunte a la organización si puede hacerlo de otra manera.',
    back: 'Volver',
  },
  images: {
    cameraOff: 'La cámara está apagada: no se envían imágenes.',
    never: 'En este examen no se envían imágenes.',
    offline: 'Sin conexión: no se están enviando imágenes.',
    watched: 'La supervisión está mirando: se envía una imagen pequeña cada dos segundos.',
    noneNow: 'Ahora no se envían imágenes.',
    noneNowButAlerts: 'Ahora no se envían imágenes. Con una alerta puede enviarse una.',
    sendingShort: 'Enviando imágenes',
  },
  help: {
    ask: 'Pedir ayuda',
    label: '¿Qué necesita?',
    send: 'Enviar a la supervisión',
    cancel: 'Cancelar',
    sent: 'Su petición se ha enviado. La supervisión le responderá aquí.',
    failed: 'No se pudo enviar su petición. Inténtelo de nuevo.',
  },
  preparing: {
    title: 'Preparando el análisis de imagen',
    text: 'Es posible que su navegador pida ahora la cámara. Permítala: el examen comienza cuando el análisis de imagen esté listo y le vea.',
    session: 'Iniciando la sesión',
    models: 'Descargando',
    warmUp: 'Probando',
    amount: '{loaded} de {total} MB',
  },
  cameraWaiting: {
    permission: {
      title: 'Permita el uso de la cámara',
      text: 'Su navegador pregunta si esta página puede usar la cámara. Elija «Permitir», normalmente en la parte superior de la ventana.',
      button: 'Preguntar de nuevo',
    },
    device: {
      title: 'La cámara no responde',
      text: 'La cámara tiene permiso, pero no envía imágenes. Cierre otros programas que la usen, o desconéctela y conéctela de nuevo.',
      button: 'Intentar de nuevo',
    },
    touch: {
      title: 'Toque aquí para continuar',
      text: 'El navegador inicia la cámara solo después de un toque.',
      button: 'Toque aquí para continuar',
    },
  },
  panel: {
    starting: 'Iniciando',
    observed: 'Observado',
    notObserved: 'No observado: {reason}',
    elapsed: 'Tiempo',
    left: 'Tiempo restante',
    short: {
      notObserved: 'No observado',
      paused: 'Servidor ocupado',
      offline: 'Sin conexión',
      waiting: 'Sin respuesta',
      expired: 'Renovando acceso',
      replaced: 'Sigue en otro sitio',
      refused: 'No aceptado',
    },
    more: 'Detalles',
    less: 'Cerrar',
    pictures: 'Imágenes pequeñas enviadas hasta ahora: {count}',
    missing: 'En este dispositivo no se detectan: {names}. Esto no cuenta en su contra.',
    phone: 'teléfonos',
    hands: 'manos',
    numbers: 'Mediciones actuales',
    notes: 'Anotaciones',
    noNotes: 'Nada hasta ahora.',
    running: 'ahora',
    explain: 'Una nota muestra qué se midió y durante cuánto tiempo. No es un juicio.',
  },
  camera: { label: 'Cámara', choose: 'Elegir una cámara', infrared: 'infrarroja', virtual: 'virtual' },
  break: {
    begin: 'Comenzar un descanso',
    end: 'Terminar el descanso, encender la cámara',
    status: 'En descanso',
    text: 'La cámara está apagada. El informe indica este tiempo como descanso; no cuenta en su contra.',
    since: 'Desde hace {duration}',
  },
  messages: { title: 'Mensaje de la supervisión', read: 'Lo he leído' },
  delivery: {
    none: 'Empieza el envío',
    delivered: 'Todo se ha enviado',
    underway: 'Enviando, {count} en camino',
    opening: 'Conectando con el servidor',
    paused: 'El servidor está ocupado; {count} mediciones esperan en este dispositivo',
    offline: 'Sin conexión a la red. Siga con el examen; {count} mediciones esperan en este dispositivo',
    waiting: 'No hay conexión en este momento. Siga con el examen; {count} mediciones esperan en este dispositivo',
    expired:
      'Su acceso ha caducado y se está renovando. Siga con el examen; {count} mediciones esperan en este dispositivo',
    replaced: 'La sesión continúa en otra ventana o en otro dispositivo. Desde aquí ya no se envía nada',
    refused: 'El servidor ya no acepta mediciones desde aquí. Siga con el examen y avise a la supervisión',
    lost: 'No se pudieron guardar {count} mediciones',
    memory:
      'Este navegador no puede guardar datos de esta página. No la recargue, o se perderán las mediciones que aún no se han enviado.',
  },
  ending: {
    title: 'Terminando el examen',
    text: 'La cámara está apagada. Se envían las últimas mediciones.',
  },
  stopped: { title: 'La cámara está apagada', text: 'Ya no se mide nada más, y todo se ha enviado.' },
  undelivered: {
    title: 'Algunas mediciones aún no se han enviado',
    text: '{count} mediciones siguen en este dispositivo, porque no se pudo conectar con el servidor. El navegador las guarda hasta que usted abra esta página de nuevo con conexión. Hágalo pronto, en los próximos días: los navegadores borran los datos antiguos.',
    send: 'Enviarlas ahora',
  },
  over: {
    title: 'Esta sesión ha terminado',
    text: 'Usted o la supervisión le pusieron fin. No se mide nada más.',
  },
  notStarted: {
    title: 'La sesión no pudo comenzar',
    text: 'No se puede conectar con el servidor, o este no aceptó la sesión. No se ha perdido nada; inténtelo de nuevo.',
  },
  failed: {
    camera: 'No se pudo encender la cámara',
    elsewhere: 'La sesión está abierta en otra pestaña',
    replaced: 'La sesión continúa en otro lugar',
    other: 'La sesión no puede continuar',
  },
  without: {
    camera: {
      required: 'Este examen exige una cámara. Si no puede encender ninguna, avise a la organización del examen.',
      continue:
        'Este examen puede hacerse sin cámara. El informe indica ese tiempo como no observado; no cuenta en su contra.',
      begin: 'Continuar sin cámara',
      text: 'Está haciendo el examen sin cámara. El informe indica este tiempo como no observado; no cuenta en su contra.',
      retry: 'Probar la cámara',
    },
    image_analysis: {
      required:
        'Este examen exige el análisis de imagen. Si no funciona en este dispositivo, avise a la organización del examen.',
      continue:
        'Este examen puede hacerse sin análisis de imagen. La cámara queda apagada y el informe indica ese tiempo como no observado; no cuenta en su contra.',
      begin: 'Continuar sin análisis de imagen',
      text: 'Está haciendo el examen sin análisis de imagen y la cámara está apagada. El informe indica este tiempo como no observado; no cuenta en su contra.',
      retry: 'Probar el análisis de imagen',
    },
  },
  takeBack: 'Continuar aquí',
  again: 'Intentar de nuevo',
  failures: failureTextsEs,
};
