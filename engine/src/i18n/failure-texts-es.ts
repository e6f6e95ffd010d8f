import type { failureTextsEn } from './failure-texts-en.ts';

export const failureTextsEs: Record<keyof typeof failureTextsEn, string> = {
  options_invalid:
    'La página del examen inició la supervisión con opciones no válidas; usted no puede cambiarlo. Avise a la organización del examen.',
  wrong_state: 'Eso no es posible en este momento. Espere un momento o vuelva a cargar la página.',
  camera_denied:
    'La cámara está bloqueada para esta página. Permítala con el icono de la cámara junto a la dirección e inténtelo de nuevo.',
  camera_dismissed: 'La solicitud de la cámara se cerró sin respuesta. Inténtelo de nuevo y elija «Permitir».',
  camera_denied_by_system:
    'La configuración de este dispositivo no permite que el navegador use la cámara. Permítala para el navegador en los ajustes de privacidad del sistema e inténtelo de nuevo.',
  camera_in_use:
    'Otro programa usa la cámara. Cierre las videollamadas y otros programas de cámara e inténtelo de nuevo.',
  camera_none: 'No se encontró ninguna cámara. Conecte una o enciéndala e inténtelo de nuevo.',
  camera_insecure_page:
    'El navegador permite la cámara solo en páginas seguras. Abra esta página con una dirección que empiece por https.',
  camera_unsupported:
    'Este navegador no puede usar una cámara. Use una versión actual de Chrome, Edge, Firefox o Safari.',
  camera_overconstrained: 'La cámara elegida no está disponible. Elija otra.',
  camera_failed:
    'No se pudo iniciar la cámara. Desconéctela y conéctela de nuevo, o reinicie el navegador, e inténtelo de nuevo.',
  camera_lost: 'La cámara se desconectó. El examen continúa; conéctela de nuevo y se usará automáticamente.',
  camera_forbidden_by_page:
    'Esta página de examen está configurada de modo que no puede usar la cámara; usted no puede cambiarlo. Avise a la organización del examen: la página, o la página que la incluye, debe permitir la cámara (permissions policy «camera»).',
  camera_blocked:
    'La cámara se bloqueó para esta página. El examen continúa; permítala de nuevo con el icono junto a la dirección y se usará automáticamente.',
  camera_muted:
    'Este dispositivo ha apagado la cámara: una tecla de privacidad, una tapa o una llamada. El examen continúa; encienda la cámara de nuevo y se usará automáticamente.',
  camera_needs_touch:
    'El navegador inicia la cámara solo después de un toque. Toque o haga clic en cualquier lugar de esta página para continuar.',
  engine_unavailable:
    'El análisis de imagen no funciona en este navegador de este dispositivo. Inténtelo de nuevo o use otro navegador u otro dispositivo. Si no se soluciona, avise a la organización del examen.',
  engine_file_damaged:
    'Un archivo del análisis de imagen llegó dañado o incompleto; puede deberse a un filtro o proxy de esta red. Inténtelo de nuevo o use otra red. Si vuelve a ocurrir, avise a la organización del examen.',
  engine_file_unreachable:
    'No se pudieron cargar los archivos del análisis de imagen. Compruebe la conexión e inténtelo de nuevo. Si vuelve a ocurrir, avise a la organización del examen.',
  engine_out_of_memory:
    'Este dispositivo tiene muy poca memoria libre para el análisis de imagen. Cierre otras pestañas y programas e inténtelo de nuevo.',
  engine_unsupported:
    'Este navegador no puede ejecutar el análisis de imagen porque WebAssembly y WebGL están desactivados, por ejemplo por un modo de bloqueo. Actívelos para esta página o use otro navegador. Si no puede, avise a la organización del examen.',
  engine_forbidden_by_page:
    'Esta página de examen está configurada de modo que no puede ejecutar el análisis de imagen; usted no puede cambiarlo. Avise a la organización del examen: la política de contenido de la página debe permitir “wasm-unsafe-eval” en script-src.',
  engine_restarted: 'El análisis de imagen se detuvo y se reinició automáticamente. El examen continúa.',
  session_open_elsewhere: 'Esta sesión está abierta en otra pestaña. Siga allí, o cierre antes esa pestaña.',
  session_open_in_page: 'En esta página ya hay otra sesión de examen en curso. Siga allí, o termínela antes.',
  session_replaced:
    'La sesión continúa en otra ventana o en otro dispositivo. Aquí la cámara está apagada; las mediciones que aún no se han enviado se quedan en este dispositivo.',
  session_refused:
    'El servidor ya no acepta mediciones de esta página. Siga con el examen y avise a la persona que supervisa.',
  storage_unavailable:
    'Este navegador no deja que la página guarde datos. Mantenga esta pestaña abierta hasta que se haya enviado todo.',
  storage_full:
    'No queda espacio en este dispositivo para guardar mediciones. Mantenga esta pestaña abierta hasta que se haya enviado todo; si puede, borre archivos que ya no necesite.',
  storage_required:
    'Este navegador no deja que la página guarde datos, y este examen lo exige. Permita los datos del sitio para esta página, salga de la navegación privada o use otro navegador e inténtelo de nuevo. Si no puede, avise a la organización del examen.',
  lock_required:
    'Este navegador no puede garantizar que la sesión esté abierta en una sola pestaña, y este examen lo exige. Abra esta página con una dirección que empiece por https y no dentro de otra página, o use otro navegador. Si no puede, avise a la organización del examen.',
  message_refused:
    'El servidor no aceptó un mensaje de esta página. Siga con el examen; si vuelve a aparecer, avise a la persona que supervisa.',
  clock_wrong:
    'El reloj de este dispositivo no es correcto. Las horas registradas se corrigen automáticamente; ajuste el reloj cuando pueda.',
};
