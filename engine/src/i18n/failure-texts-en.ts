/** Shown to the student; also the `message` of a `ProctorError`. One text for each reason. */
export const failureTextsEn = {
  options_invalid:
    'The exam page started proctoring with invalid options; you cannot change that. Tell the organiser of the exam.',
  wrong_state: 'That is not possible at this point. Wait a moment, or reload the page.',
  camera_denied:
    'The camera is blocked for this page. Allow it with the camera icon next to the address, then try again.',
  camera_dismissed: 'The camera prompt was closed without an answer. Try again and choose “Allow”.',
  camera_denied_by_system:
    'This device’s settings block the browser from using the camera. Allow camera access for the browser in the system’s privacy settings, then try again.',
  camera_in_use: 'Another program is using the camera. Close video calls and other camera programs, then try again.',
  camera_none: 'No camera was found. Plug one in or turn one on, then try again.',
  camera_insecure_page:
    'The browser allows the camera on secure pages only. Open this page with an address that begins with https.',
  camera_unsupported: 'This browser cannot use a camera. Use a current version of Chrome, Edge, Firefox or Safari.',
  camera_overconstrained: 'The selected camera is not available. Choose another one.',
  camera_failed:
    'The camera could not be started. Unplug it and plug it in again, or restart the browser, then try again.',
  camera_lost:
    'The camera was disconnected. The exam continues; plug the camera in again and it will be used automatically.',
  camera_forbidden_by_page:
    'This exam page is set up so that it cannot use the camera; you cannot change that. Tell the organiser of the exam: the page, or the page that embeds it, must allow the camera (permissions policy “camera”).',
  camera_blocked:
    'The camera was blocked for this page. The exam continues; allow the camera again with the icon next to the address and it will be used automatically.',
  camera_muted:
    'This device has switched the camera off: a privacy key or cover, or another call. The exam continues; switch the camera on again and it will be used automatically.',
  camera_needs_touch: 'The browser starts the camera only after a tap. Tap or click anywhere on this page to continue.',
  engine_unavailable:
    'Image analysis does not work in this browser on this device. Try again, or use another browser or device. If that does not help, tell the organiser of the exam.',
  engine_file_damaged:
    'A file of the image analysis arrived damaged or incomplete, which a filter or proxy on this network can cause. Try again, or use another network. If it happens again, tell the organiser of the exam.',
  engine_file_unreachable:
    'The files of the image analysis could not be loaded. Check your connection, then try again. If it happens again, tell the organiser of the exam.',
  engine_out_of_memory:
    'This device has too little free memory for the image analysis. Close other tabs and programs, then try again.',
  engine_unsupported:
    'This browser cannot run the image analysis, because WebAssembly and WebGL are turned off, for example by a lockdown mode. Turn them on for this page or use another browser. If you cannot, tell the organiser of the exam.',
  engine_forbidden_by_page:
    'This exam page is set up so that it cannot run the image analysis; you cannot change that. Tell the organiser of the exam: the page’s content policy must allow “wasm-unsafe-eval” in script-src.',
  engine_restarted: 'The image analysis stopped and was restarted automatically. The exam continues.',
  session_open_elsewhere: 'This session is open in another tab. Continue there, or close that tab first.',
  session_open_in_page: 'This page already runs another exam session. Continue there, or end it first.',
  session_replaced:
    'The session continues in another window or on another device. The camera here is off; measurements that have not been sent yet stay on this device.',
  session_refused:
    'The server no longer accepts measurements from this page. Continue with the exam, and tell a proctor.',
  storage_unavailable:
    'This browser does not let the page store data. Keep this tab open until everything has been delivered.',
  storage_full:
    'There is no space left on this device to store measurements. Keep this tab open until everything has been delivered; if you can, delete files you no longer need.',
  storage_required:
    'This browser does not let the page store data, and this exam requires it. Allow site data for this page, leave private browsing, or use another browser, then try again. If you cannot, tell the organiser of the exam.',
  lock_required:
    'This browser cannot make sure that the session runs in one tab only, and this exam requires it. Open this page with an address that begins with https, not embedded in another page, or use another browser. If that is not possible, tell the exam organiser.',
  message_refused:
    'The server did not accept a message from this page. Continue with the exam; if this appears again, tell a proctor.',
  clock_wrong:
    'The clock of this device is wrong. Recorded times are corrected automatically; set the clock when you can.',
};
