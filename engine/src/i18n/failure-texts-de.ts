import type { failureTextsEn } from './failure-texts-en.ts';

export const failureTextsDe: Record<keyof typeof failureTextsEn, string> = {
  options_invalid:
    'Die Prüfungsseite hat die Aufsicht mit ungültigen Einstellungen gestartet; Sie können das nicht ändern. Informieren Sie die Prüfungsorganisation.',
  wrong_state: 'Das ist im Moment nicht möglich. Warten Sie einen Augenblick, oder laden Sie die Seite neu.',
  camera_denied:
    'Die Kamera ist für diese Seite gesperrt. Erlauben Sie sie über das Kamerasymbol neben der Adresse und versuchen Sie es noch einmal.',
  camera_dismissed:
    'Die Kameraabfrage wurde ohne Antwort geschlossen. Versuchen Sie es noch einmal und wählen Sie „Zulassen“.',
  camera_denied_by_system:
    'Laut den Einstellungen dieses Geräts darf der Browser die Kamera nicht verwenden. Erlauben Sie sie dem Browser in den Datenschutzeinstellungen des Systems, und versuchen Sie es noch einmal.',
  camera_in_use:
    'Ein anderes Programm benutzt die Kamera. Schließen Sie Videogespräche und andere Kameraprogramme und versuchen Sie es noch einmal.',
  camera_none:
    'Es wurde keine Kamera gefunden. Schließen Sie eine an oder schalten Sie sie ein und versuchen Sie es noch einmal.',
  camera_insecure_page:
    'Der Browser erlaubt die Kamera nur auf sicheren Seiten. Öffnen Sie diese Seite mit einer Adresse, die mit https beginnt.',
  camera_unsupported:
    'Dieser Browser kann keine Kamera benutzen. Verwenden Sie eine aktuelle Version von Chrome, Edge, Firefox oder Safari.',
  camera_overconstrained: 'Die gewählte Kamera ist nicht verfügbar. Wählen Sie eine andere.',
  camera_failed:
    'Die Kamera ließ sich nicht starten. Stecken Sie sie neu an oder starten Sie den Browser neu und versuchen Sie es noch einmal.',
  camera_lost:
    'Die Kamera wurde getrennt. Die Prüfung läuft weiter; sobald Sie die Kamera wieder anschließen, wird sie automatisch verwendet.',
  camera_forbidden_by_page:
    'Diese Prüfungsseite ist so eingerichtet, dass sie die Kamera nicht benutzen darf; Sie selbst können das nicht ändern. Informieren Sie die Prüfungsorganisation: Die Seite oder die Seite, in die sie eingebettet ist, muss die Kamera erlauben (Permissions Policy „camera“).',
  camera_blocked:
    'Die Kamera wurde für diese Seite gesperrt. Die Prüfung läuft weiter; sobald Sie die Kamera über das Symbol neben der Adresse wieder erlauben, wird sie automatisch verwendet.',
  camera_muted:
    'Dieses Gerät hat die Kamera ausgeschaltet: durch eine Datenschutztaste, eine Abdeckung oder einen Anruf. Die Prüfung läuft weiter; sobald Sie die Kamera wieder einschalten, wird sie automatisch verwendet.',
  camera_needs_touch:
    'Der Browser startet die Kamera erst, wenn Sie tippen. Tippen oder klicken Sie irgendwo auf diese Seite.',
  engine_unavailable:
    'Die Bildauswertung funktioniert in diesem Browser auf diesem Gerät nicht. Versuchen Sie es noch einmal, oder nutzen Sie einen anderen Browser oder ein anderes Gerät. Hilft das nicht, informieren Sie die Prüfungsorganisation.',
  engine_file_damaged:
    'Eine Datei der Bildauswertung ist beschädigt oder unvollständig angekommen; ein Filter oder Proxy in diesem Netz kann die Ursache sein. Versuchen Sie es noch einmal, oder nutzen Sie ein anderes Netz. Geschieht es wieder, informieren Sie die Prüfungsorganisation.',
  engine_file_unreachable:
    'Die Dateien der Bildauswertung konnten nicht geladen werden. Prüfen Sie Ihre Verbindung, und versuchen Sie es noch einmal. Geschieht es wieder, informieren Sie die Prüfungsorganisation.',
  engine_out_of_memory:
    'Dieses Gerät hat zu wenig freien Arbeitsspeicher für die Bildauswertung. Schließen Sie andere Tabs und Programme, und versuchen Sie es noch einmal.',
  engine_unsupported:
    'Dieser Browser kann die Bildauswertung nicht ausführen, weil WebAssembly und WebGL abgeschaltet sind, zum Beispiel durch einen Blockierungsmodus. Schalten Sie sie für diese Seite ein, oder nutzen Sie einen anderen Browser. Geht das nicht, informieren Sie die Prüfungsorganisation.',
  engine_forbidden_by_page:
    'Diese Prüfungsseite ist so eingerichtet, dass sie die Bildauswertung nicht ausführen kann; Sie können das nicht ändern. Informieren Sie die Prüfungsorganisation: Die Content-Security-Policy der Seite muss in script-src „wasm-unsafe-eval“ erlauben.',
  engine_restarted:
    'Die Bildauswertung ist stehen geblieben und wurde automatisch neu gestartet. Die Prüfung läuft weiter.',
  session_open_elsewhere:
    'Diese Sitzung ist in einem anderen Tab offen. Machen Sie dort weiter oder schließen Sie zuerst den anderen Tab.',
  session_open_in_page:
    'Auf dieser Seite läuft schon eine andere Prüfungssitzung. Machen Sie dort weiter, oder beenden Sie sie zuerst.',
  session_replaced:
    'Die Sitzung wird in einem anderen Fenster oder auf einem anderen Gerät fortgesetzt. Die Kamera ist hier ausgeschaltet; noch nicht gesendete Messwerte bleiben auf diesem Gerät.',
  session_refused:
    'Der Server nimmt von dieser Seite keine Messwerte mehr an. Setzen Sie die Prüfung fort und informieren Sie die Aufsicht.',
  storage_unavailable:
    'Dieser Browser erlaubt der Seite nicht, Daten zu speichern. Lassen Sie diesen Tab offen, bis alles übertragen ist.',
  storage_full:
    'Auf diesem Gerät ist kein Platz mehr, um Messwerte zu speichern. Lassen Sie diesen Tab offen, bis alles übertragen ist; löschen Sie, wenn möglich, Dateien, die Sie nicht mehr brauchen.',
  storage_required:
    'Dieser Browser erlaubt der Seite nicht, Daten zu speichern; diese Prüfung verlangt es. Erlauben Sie Websitedaten für diese Seite, verlassen Sie den privaten Modus, oder nutzen Sie einen anderen Browser, und versuchen Sie es noch einmal. Geht das nicht, informieren Sie die Prüfungsorganisation.',
  lock_required:
    'Dieser Browser kann nicht sicherstellen, dass die Sitzung nur in einem Tab läuft; diese Prüfung verlangt es. Öffnen Sie diese Seite mit einer Adresse, die mit https beginnt, und nicht innerhalb einer anderen Seite, oder nutzen Sie einen anderen Browser. Geht das nicht, informieren Sie die Prüfungsorganisation.',
  message_refused:
    'Der Server hat eine Nachricht dieser Seite nicht angenommen. Setzen Sie die Prüfung fort; erscheint dieser Hinweis noch einmal, informieren Sie die Aufsicht.',
  clock_wrong:
    'Die Uhr dieses Geräts geht falsch. Die aufgezeichneten Zeiten werden automatisch korrigiert; stellen Sie die Uhr bei Gelegenheit.',
};
