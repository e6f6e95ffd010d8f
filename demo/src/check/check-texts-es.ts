import type { CheckTexts } from './check-texts.ts';

export const checkTextsEs: CheckTexts = {
  title: 'Prueba de cámara',
  intro: {
    text: 'Vea lo que ve la cámara y compruebe la luz y su posición. Durante esta prueba no se graba ni se envía nada.',
    download: 'Los modelos de análisis de imagen (unos 30 MB) se descargan una vez y quedan guardados en su navegador.',
    button: 'Encender la cámara',
    skip: 'Ir al examen sin la prueba',
  },
  preparing: {
    title: 'Preparando el análisis de imagen',
    text: 'La cámara se enciende a continuación.',
    first: 'Empezando',
    models: 'Descargando',
    warmUp: 'Iniciando',
    progress: (loadedMb: string, totalMb: string) => `${loadedMb} de ${totalMb} MB`,
  },
  preview: 'Vista previa de la cámara. No sale de este dispositivo.',
  guide: 'Colóquese de modo que su rostro llene más o menos el óvalo.',
  list: 'Resultado',
  good: 'bien',
  attention: 'requiere atención',
  unknown: 'aún sin comprobar',
  items: {
    camera: 'Cámara',
    light: 'Luz',
    position: 'Posición',
    sight: 'Imagen',
    speed: 'Velocidad',
    server: 'Conexión',
  },
  camera: {
    on: (label: string, size: string) => `${label}, ${size}`,
    starting: 'Iniciando.',
    lost: 'Desconectada. Conecte de nuevo la cámara.',
  },
  light: {
    good: 'La luz es buena.',
    dark: 'Demasiado oscuro. Encienda una lámpara delante de usted.',
    bright: 'Demasiada luz. Gírese para no tener delante la ventana o la lámpara.',
  },
  position: {
    good: 'Su rostro se ve bien.',
    none: 'No se ve ningún rostro. Siéntese delante de la cámara.',
    several: 'Se ve más de un rostro. Solo debería verse usted.',
    far: 'Está demasiado lejos. Acérquese.',
    near: 'Está demasiado cerca. Échese un poco hacia atrás.',
    aside: 'Muévase hacia el centro de la imagen.',
  },
  sight: {
    good: 'La imagen es nítida.',
    blurred: 'La imagen está borrosa. Limpie la lente.',
    covered: 'Algo tapa la cámara.',
    frozen: 'La imagen está congelada. Cierre otros programas que usen la cámara, o desconéctela y conéctela de nuevo.',
  },
  speed: {
    good: (rate: string) => `Se analizan ${rate} imágenes por segundo.`,
    slow: (rate: string) =>
      `Se analizan ${rate} imágenes por segundo. Basta para el examen; si cierra otros programas, irá más rápido.`,
  },
  server: {
    good: 'Conectado con el servidor.',
    away: 'El servidor no responde. Puede hacer el examen de todos modos: las lecturas se guardan en este dispositivo hasta que vuelva.',
  },
  numbers: 'Lecturas actuales',
  chart: 'Movimiento de la cabeza, últimos 20 segundos',
  turned: 'izquierda / derecha',
  raised: 'abajo / arriba',
  ready: 'Todo en orden. Puede continuar.',
  notReady:
    'Puede continuar en cualquier momento. Lo que la cámara no ve se registra como «no observado» y no cuenta en su contra.',
  next: 'Continuar al examen',
  failed: { title: 'No se pudo encender la cámara', again: 'Intentar de nuevo' },
};
