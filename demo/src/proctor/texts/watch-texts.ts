import { inLanguage } from '../../page/language.ts';

const watchTextsEn = {
  states: {
    unseen: (duration: string) => `cannot be seen for ${duration}`,
    silent: (duration: string) => `no readings for ${duration}`,
    connected: 'connected',
    stale: (duration: string) => `not updated for ${duration}`,
    onBreak: (duration: string) => `on a break for ${duration}`,
    lostFor: (duration: string) => `disconnected for ${duration}`,
    ended: 'session ended',
    endedByYou: 'session ended by you',
  },
  strip: {
    title: 'Exam at a glance',
    live: (count: number) => `${count} live`,
    stale: (time: string) => `last update ${time}`,
    lost: (count: number) => `${count} lost`,
    alerts: (count: number) => (count === 1 ? '1 alert' : `${count} alerts`),
    unseen: (count: number) => `${count} cannot be seen`,
    expected: (count: number) => `${count} not connected yet`,
    finished: (count: number) => `${count} finished`,
    answered: (mean: string, total: string | null) =>
      total === null ? `${mean} answers on average` : `${mean} of ${total} questions answered on average`,
    left: (duration: string) => `${duration} left`,
    over: 'time is up',
    extra: (count: number, until: string) =>
      `regular time is up; ${count === 1 ? '1 student continues' : `${count} students continue`} until ${until}`,
  },
};

export type WatchTexts = typeof watchTextsEn;

const watchTextsDe: WatchTexts = {
  states: {
    unseen: (duration) => `seit ${duration} nicht zu sehen`,
    silent: (duration) => `seit ${duration} keine Messwerte`,
    connected: 'verbunden',
    stale: (duration) => `seit ${duration} nicht aktualisiert`,
    onBreak: (duration) => `seit ${duration} in der Pause`,
    lostFor: (duration) => `seit ${duration} getrennt`,
    ended: 'Sitzung beendet',
    endedByYou: 'von Ihnen beendet',
  },
  strip: {
    title: 'Die Prüfung auf einen Blick',
    live: (count) => `${count} live`,
    stale: (time) => `zuletzt aktualisiert um ${time} Uhr`,
    lost: (count) => `${count} getrennt`,
    alerts: (count) => (count === 1 ? '1 Hinweis' : `${count} Hinweise`),
    unseen: (count) => `${count} nicht zu sehen`,
    expected: (count) => `${count} noch nicht verbunden`,
    finished: (count) => `${count} fertig`,
    answered: (mean, total) =>
      total === null ? `im Mittel ${mean} Antworten` : `im Mittel ${mean} von ${total} Fragen beantwortet`,
    left: (duration) => `noch ${duration}`,
    over: 'Zeit abgelaufen',
    extra: (count, until) =>
      `reguläre Zeit abgelaufen; ${count === 1 ? '1 Person schreibt' : `${count} Personen schreiben`} bis ${until} Uhr`,
  },
};

const watchTextsEs: WatchTexts = {
  states: {
    unseen: (duration) => `sin verse desde hace ${duration}`,
    silent: (duration) => `sin lecturas desde hace ${duration}`,
    connected: 'conectado',
    stale: (duration) => `sin actualizar desde hace ${duration}`,
    onBreak: (duration) => `en pausa desde hace ${duration}`,
    lostFor: (duration) => `desconectado desde hace ${duration}`,
    ended: 'sesión terminada',
    endedByYou: 'terminada por usted',
  },
  strip: {
    title: 'El examen de un vistazo',
    live: (count) => `${count} en directo`,
    stale: (time) => `sin actualizar desde las ${time}`,
    lost: (count) => (count === 1 ? '1 desconectado' : `${count} desconectados`),
    alerts: (count) => (count === 1 ? '1 aviso' : `${count} avisos`),
    unseen: (count) => `${count} sin verse`,
    expected: (count) => `${count} aún sin conectar`,
    finished: (count) => (count === 1 ? '1 ha terminado' : `${count} han terminado`),
    answered: (mean, total) =>
      total === null ? `${mean} respuestas de media` : `${mean} de ${total} preguntas respondidas de media`,
    left: (duration) => `quedan ${duration}`,
    over: 'se acabó el tiempo',
    extra: (count, until) =>
      `se acabó el tiempo regular; ${count === 1 ? '1 estudiante continúa' : `${count} estudiantes continúan`} hasta las ${until}`,
  },
};

export const watchTexts = inLanguage<WatchTexts>({ en: watchTextsEn, de: watchTextsDe, es: watchTextsEs });
