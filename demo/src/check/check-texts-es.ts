import type { CheckTexts } from './check-texts.ts';

export const checkTextsEs: CheckTexts = {
  title: 'Prueba de cámara',
  intro: {
    text: 'Véase como le ve la cámara, y compruebe si la luz y la posición son buenas. Durante esta prueba no se guarda ni se envía nada.',
    download: 'El análisis de imagen, unos 20 MB, se descarga una vez y después lo guarda su navegador.',
    button: 'Encender la cámara',
    skip: 'Ir al examen sin prueba',
  },
  preparing: {
    title: 'Se prepara el análisis de imagen',
    text: 'La cámara se enciende después.',
    first: 'Empezando',
    models: 'Descargando',
    warmUp: 'Probando',
    progress: (loadedMb: string, totalMb: string) => `${loadedMb} de ${totalMb} MB`,
  },
  preview: 'La imagen de su cámara. No sale de este dispositivo.',
  guide: 'Su rostro está bien cuando llena más o menos el óvalo.',
  list: 'Cómo se ve',
  good: 'bien',
  attention: 'por favor, mire',
  unknown: 'aún no se sabe',
  items: {
    camera: 'Cámara',
    light: 'Luz',
    position: 'Posición',
    sight: 'Vista libre',
    speed: 'Velocidad',
    server: 'Conexión',
  },
  camera: {
    on: (label: string, size: string) => `${label}, ${size}`,
    starting: 'Está arrancando.',
    lost: 'Se desconectó. Conéctela de nuevo.',
  },
  light: {
    good: 'Hay bastante luz.',
    dark: 'Está oscuro. Encienda una lámpara delante de usted.',
    bright: 'Hay mucha luz. Gírese para no tener delante la ventana o la lámpara.',
  },
  position: {
    good: 'Su rostro se ve bien.',
    none: 'No se ve ningún rostro. Siéntese delante de la cámara.',
    several: 'Se ve más de un rostro. Solo debería verse usted.',
    far: 'Está lejos. Acérquese.',
    near: 'Está muy cerca. Échese un poco hacia atrás.',
    aside: 'Muévase hacia el centro de la imagen.',
  },
  sight: {
    good: 'La imagen es nítida.',
    blurred: 'La imagen está borrosa. Limpie la lente.',
    covered: 'Algo tapa la cámara.',
    frozen: 'La imagen no cambia. Cierre otros programas de cámara, o desconecte la cámara y conéctela de nuevo.',
  },
  speed: {
    good: (rate: string) => `Se leen ${rate} imágenes por segundo.`,
    slow: (rate: string) =>
      `Se leen ${rate} imágenes por segundo. Basta para el examen; si cierra otros programas serán más.`,
  },
  server: {
    good: 'El servidor responde.',
    away: 'El servidor no responde. El examen puede seguir sin él; las lecturas esperan en este dispositivo.',
  },
  numbers: 'Qué se lee ahora',
  chart: 'Movimiento de la cabeza, últimos 20 segundos',
  turned: 'girada',
  raised: 'levantada',
  ready: 'Todo está bien. Puede continuar.',
  notReady:
    'Puede continuar en cualquier momento; lo que no se ve se anota como «no observado» y no cuenta en su contra.',
  next: 'Ir al examen',
  failed: { title: 'No se pudo encender la cámara', again: 'Intentar de nuevo' },
};
