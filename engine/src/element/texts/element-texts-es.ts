import { failureTextsEs } from '../../i18n/failure-texts-es.ts';
import type { ElementTexts } from './element-texts.ts';

export const elementTextsEs: ElementTexts = {
  title: 'Supervisión',
  preview: 'La imagen de su cámara.',
  consent: {
    title: 'Antes de encender la cámara',
    resume: 'Esta sesión ya había comenzado. Continúa donde estaba.',
    read: {
      name: 'Qué se lee',
      text: 'Unas cinco veces por segundo su navegador lee números de la imagen de la cámara: si hay rostros y cuántos, hacia dónde apuntan la cabeza y los ojos, si se ven manos o un teléfono, el brillo y la nitidez de la imagen. También anota cuándo otra pestaña o ventana está delante, y si se copia o pega, nunca el contenido.',
    },
    sent: {
      name: 'Qué se envía',
      text: 'Esos números, sin sonido. La imagen no sale de este dispositivo, salvo que las reglas de este examen permitan a una persona responsable mirar: entonces se envía una pequeña cada dos segundos mientras mira, o una cuando se le señala algo. No se guarda, y esta página lo dice siempre que ocurre.',
      never: 'Esos números. La imagen no sale de este dispositivo, y no hay sonido.',
    },
    seen: {
      name: 'Quién lo ve',
      text: 'Una persona lee el informe. Cuando la cámara no ve bien, se anota «no observado»; eso no cuenta en su contra.',
    },
    kept: {
      name: 'Cuánto tiempo se guarda',
      text: 'El que haya fijado quien organiza el examen. Le dirá cuánto es y cómo pedir que se borre.',
    },
    numbers: 'Los números, uno por uno',
    download: 'El análisis de imagen, unos 20 MB, se descarga una vez y después lo guarda su navegador.',
    agree: 'De acuerdo, encender la cámara',
    goOn: 'Continuar, encender la cámara',
  },
  preparing: {
    title: 'Se prepara el análisis de imagen',
    text: 'El examen comienza cuando esté listo. La cámara se enciende después.',
    session: 'Comienza la sesión',
    models: 'Descargando',
    warmUp: 'Probando',
    amount: '{loaded} de {total} MB',
  },
  cameraWaiting: {
    permission: {
      title: 'Responda a la pregunta del navegador',
      text: 'Su navegador pregunta si esta página puede usar la cámara. Elija «Permitir», normalmente en la parte superior de la ventana.',
      button: 'Preguntar de nuevo',
    },
    device: {
      title: 'La cámara no responde',
      text: 'Esta página puede usar la cámara, pero la cámara no responde. Cierre otros programas que la usen, o desconéctela y conéctela de nuevo.',
      button: 'Intentar de nuevo',
    },
    touch: {
      title: 'Toque aquí para continuar',
      text: 'El navegador muestra la cámara solo después de un toque.',
      button: 'Toque aquí para continuar',
    },
  },
  panel: {
    starting: 'Empezando',
    observed: 'Observado',
    notObserved: 'No observado: {reason}',
    elapsed: 'Tiempo',
    watched: 'Una persona responsable está mirando: se envía una imagen pequeña cada dos segundos',
    pictures: 'Imágenes pequeñas enviadas hasta ahora: {count}',
    missing: 'En este dispositivo no se buscan: {names}. No cuenta en su contra.',
    phone: 'teléfonos',
    hands: 'manos',
    numbers: 'Qué se lee ahora',
    notes: 'Qué se anotó',
    noNotes: 'Nada hasta ahora.',
    running: 'ahora',
    explain: 'Una nota dice qué se midió y durante cuánto tiempo. No es un juicio.',
  },
  break: {
    begin: 'Comenzar un descanso',
    end: 'Terminar el descanso, encender la cámara',
    status: 'En un descanso',
    text: 'La cámara está apagada. El informe indica este tiempo como descanso; no cuenta en su contra.',
    since: 'Desde hace {duration}',
  },
  messages: { title: 'Mensaje de la supervisión', read: 'Lo he leído' },
  delivery: {
    none: 'Empieza la entrega',
    delivered: 'Todo está entregado',
    underway: 'Entregando, {count} en camino',
    opening: 'Conectando con el servidor',
    paused: 'El servidor pidió una pausa; {count} esperan aquí',
    offline: 'Sin conexión a la red. Siga con el examen; {count} esperan en este dispositivo',
    waiting: 'No hay conexión en este momento. Siga con el examen; {count} esperan en este dispositivo',
    expired:
      'Su acceso ha caducado y se está pidiendo de nuevo. Siga con el examen; {count} esperan en este dispositivo',
    replaced: 'La sesión sigue en otra ventana o en otro dispositivo. Desde aquí ya no se recibe nada',
    refused: 'El servidor ya no acepta lecturas desde aquí. Siga con el examen y avise a una persona responsable',
    lost: 'No se pudieron guardar {count} lecturas',
    memory: 'Este navegador no guarda nada para la página: al recargarla se perdería lo que espera.',
  },
  ending: {
    title: 'Se termina el examen',
    text: 'La cámara está apagada. Se entregan las últimas lecturas.',
  },
  stopped: { title: 'La cámara está apagada', text: 'No se lee nada más, y todo está entregado.' },
  undelivered: {
    title: 'Algunas lecturas aún no han llegado',
    text: '{count} lecturas siguen en este dispositivo, porque no se pudo llegar al servidor. El navegador las guarda hasta que esta página se abra de nuevo con conexión. Hágalo pronto, en los próximos días: los navegadores borran los datos antiguos.',
  },
  over: {
    title: 'Esta sesión ha terminado',
    text: 'Se terminó aquí o la terminó una persona responsable. No se lee nada más.',
  },
  notStarted: {
    title: 'La sesión no pudo comenzar',
    text: 'No se puede llegar al servidor en este momento, o no la aceptó. No se ha perdido nada; inténtelo de nuevo.',
  },
  failed: {
    camera: 'No se pudo encender la cámara',
    elsewhere: 'La sesión está abierta en otra pestaña',
    replaced: 'La sesión continúa en otro lugar',
    other: 'La sesión no puede seguir así',
  },
  takeBack: 'Continuar aquí',
  again: 'Intentar de nuevo',
  failures: failureTextsEs,
};
