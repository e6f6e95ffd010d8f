import type { failureTextsEn } from './failure-texts-en.ts';

export const failureTextsDe: Record<keyof typeof failureTextsEn, string> = {
  options_invalid: 'Die Prüfungsseite hat die Aufsicht mit falschen Angaben gestartet.',
  wrong_state: 'Das ist im Augenblick nicht möglich.',
  camera_denied:
    'Die Kamera ist für diese Seite gesperrt. Erlauben Sie sie mit dem Kamerazeichen neben der Adresse und versuchen Sie es noch einmal.',
  camera_dismissed:
    'Die Frage nach der Kamera wurde ohne Antwort geschlossen. Versuchen Sie es noch einmal und wählen Sie „Zulassen“.',
  camera_in_use:
    'Ein anderes Programm benutzt die Kamera. Schließen Sie Videogespräche und andere Kameraprogramme und versuchen Sie es noch einmal.',
  camera_none:
    'Es wurde keine Kamera gefunden. Schließen Sie eine an oder schalten Sie sie ein und versuchen Sie es noch einmal.',
  camera_insecure_page:
    'Der Browser gibt die Kamera nur sicheren Seiten. Öffnen Sie diese Seite mit einer Adresse, die mit https beginnt.',
  camera_unsupported:
    'Dieser Browser kann keine Kamera benutzen. Nehmen Sie ein aktuelles Chrome, Edge, Firefox oder Safari.',
  camera_overconstrained: 'Die gewählte Kamera ist nicht da. Wählen Sie eine andere.',
  camera_failed:
    'Die Kamera ließ sich nicht starten. Ziehen Sie sie ab oder starten Sie den Browser neu und versuchen Sie es noch einmal.',
  camera_lost:
    'Die Kamera wurde getrennt. Die Prüfung geht weiter; schließen Sie die Kamera wieder an, dann geht es von selbst weiter.',
  camera_forbidden_by_page:
    'Diese Prüfungsseite ist so eingerichtet, dass sie die Kamera nicht benutzen darf; Sie selbst können das nicht ändern. Sagen Sie es der Prüfungsorganisation: Die Seite oder die Seite, in die sie eingebettet ist, muss die Kamera erlauben (Permissions Policy „camera“).',
  camera_muted:
    'Die Kamera ist von diesem Gerät ausgeschaltet: eine Datenschutztaste, eine Abdeckung oder ein Anruf. Die Prüfung geht weiter; schalten Sie die Kamera wieder ein, dann läuft es von selbst weiter.',
  camera_needs_touch:
    'Der Browser startet das Kamerabild erst nach einer Berührung. Tippen oder klicken Sie irgendwo auf diese Seite.',
  engine_unavailable: 'Die Bildauswertung konnte auf diesem Gerät nicht gestartet werden.',
  engine_restarted: 'Die Bildauswertung blieb stehen und wurde neu gestartet.',
  session_open_elsewhere:
    'Diese Sitzung ist in einem anderen Tab offen. Machen Sie dort weiter oder schließen Sie erst jenen Tab.',
  session_replaced:
    'Die Prüfung läuft in einem anderen Fenster oder auf einem anderen Gerät weiter. Die Kamera ist hier ausgeschaltet; noch nicht gesendete Werte bleiben auf diesem Gerät.',
  session_refused: 'Der Server hat diese Sitzung nicht angenommen.',
  storage_unavailable:
    'Dieser Browser lässt die Seite nichts speichern. Lassen Sie diesen Tab offen, bis alles übertragen ist.',
  message_refused: 'Der Server hat eine Nachricht nicht angenommen.',
  clock_wrong:
    'Die Uhr dieses Geräts geht falsch. Die Zeiten der Aufzeichnung werden berichtigt; stellen Sie die Uhr bei Gelegenheit.',
};
