import { inLanguage } from '../page/language.ts';

export const safeExamBrowserTexts = inLanguage({
  en: {
    title: 'This exam needs Safe Exam Browser',
    text: 'Open the exam in Safe Exam Browser, with the configuration of this exam. If it is not installed, get it from your institution or from safeexambrowser.org.',
    open: 'Open in Safe Exam Browser',
    download: 'Download the configuration',
    refused:
      'The exam cannot start here: it needs Safe Exam Browser, opened with the configuration of this exam. Close this page and open the exam from your link again.',
    help: 'If it does not work, tell your teacher: teachers can change this requirement in the exam’s settings.',
    quit: 'Quit Safe Exam Browser',
  },
  de: {
    title: 'Diese Prüfung braucht den Safe Exam Browser',
    text: 'Öffnen Sie die Prüfung im Safe Exam Browser, mit der Konfiguration dieser Prüfung. Falls er nicht installiert ist, erhalten Sie ihn von Ihrer Einrichtung oder auf safeexambrowser.org.',
    open: 'Im Safe Exam Browser öffnen',
    download: 'Konfiguration herunterladen',
    refused:
      'Die Prüfung kann hier nicht beginnen: Sie braucht den Safe Exam Browser mit der Konfiguration dieser Prüfung. Schließen Sie diese Seite und öffnen Sie die Prüfung noch einmal über Ihren Link.',
    help: 'Falls es nicht funktioniert, wenden Sie sich an Ihre Lehrkraft: Lehrkräfte können diese Vorgabe in den Einstellungen der Prüfung ändern.',
    quit: 'Safe Exam Browser beenden',
  },
  es: {
    title: 'Este examen requiere Safe Exam Browser',
    text: 'Abra el examen en Safe Exam Browser, con la configuración de este examen. Si no está instalado, pídalo a su centro o descárguelo de safeexambrowser.org.',
    open: 'Abrir en Safe Exam Browser',
    download: 'Descargar la configuración',
    refused:
      'El examen no puede empezar aquí: requiere Safe Exam Browser, abierto con la configuración de este examen. Cierre esta página y vuelva a abrir el examen desde su enlace.',
    help: 'Si no funciona, avise a su docente: el profesorado puede cambiar este requisito en los ajustes del examen.',
    quit: 'Salir de Safe Exam Browser',
  },
});
