package coordconv.layers.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static final int BATCHES = 48;

    private final StringWriter text = new StringWriter();

    private ProgressBar afterAnEpoch(boolean animated) {
        ProgressBar bar = new ProgressBar(new PrintWriter(text), "job", 3, animated);
        Progress progress = new Progress();
        for (int batch = 1; batch <= BATCHES; batch++) {
            progress.set(2, batch, BATCHES, batch, 0.25);
            assertTrue(bar.onStep(progress), "it stops nothing");
        }
        return bar;
    }

    @Test
    void onATerminalTheBarFillsUpInOneLine() {
        afterAnEpoch(true);
        String[] states = text.toString().split("\r");
        // Empty before the first return, then one state for each of the 24 signs and one without any.
        assertEquals(1 + 25, states.length);
        assertEquals("job, epoch 2 of 3 [........................] loss 0.2500", states[1].strip());
        assertEquals("job, epoch 2 of 3 [########################] loss 0.2500", states[25].strip());
        assertTrue(!text.toString().contains("\n"), "one line");
    }

    @Test
    void theLineOfAnEpochCoversTheBar() {
        ProgressBar bar = afterAnEpoch(true);
        int width = text.toString().split("\r")[25].length();
        text.getBuffer().setLength(0);
        bar.line(2, ": done");
        String line = text.toString();
        assertTrue(line.startsWith("\rjob, epoch 2 of 3: done "), line);
        assertTrue(line.strip().length() < width && line.length() - System.lineSeparator().length() - 1 >= width,
                "blanks reach the end of the bar: " + width + ", " + line.length());
    }

    @Test
    void aLogGetsLinesAlone() {
        afterAnEpoch(false).line(2, ": done");
        assertEquals("job, epoch 2 of 3: done" + System.lineSeparator(), text.toString());
    }
}
