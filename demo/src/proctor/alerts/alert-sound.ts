const toneHz = 660;
const toneS = 0.18;
const loudness = 0.12;

/** A short quiet tone. Created on first use, after a click on the switch, as browsers require. */
export const createAlertSound = () => {
  let context: AudioContext | null = null;
  return {
    play(): void {
      context ??= new AudioContext();
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
