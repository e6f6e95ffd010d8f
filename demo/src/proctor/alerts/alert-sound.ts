const toneHz = 660;
const toneS = 0.18;
const loudness = 0.12;

/**
 * A short quiet tone. Browsers allow sound only after the page was clicked or a key was pressed; after a reload, tones start with the
 * first of these.
 */
export const createAlertSound = () => {
  let context: AudioContext | null = null;
  return {
    play(): void {
      context ??= new AudioContext();
      if (context.state === 'suspended') void context.resume();
      const tone = context.createOscillator();
      const volume = context.createGain();
      const fromS = context.currentTime;
      tone.frequency.value = toneHz;
      volume.gain.setValueAtTime(loudness, fromS);
      volume.gain.exponentialRampToValueAtTime(0.001, fromS + toneS);
      tone.connect(volume).connect(context.destination);
      tone.start(fromS);
      tone.stop(fromS + toneS);
    },
    close(): void {
      void context?.close();
      context = null;
    },
  };
};
