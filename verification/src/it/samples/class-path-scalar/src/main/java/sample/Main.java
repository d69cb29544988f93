package sample;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.KernelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Started without {@code --add-modules jdk.incubator.vector}: the same calls give the same numbers from plain
 * Java loops, and one log line says what to add.
 */
public final class Main {
    private static final List<String> LOG = new ArrayList<>();

    private Main() {}

    /**
     * Convolves twice and looks into the log.
     *
     * @param args none
     */
    public static void main(String[] args) {
        // System.Logger goes to java.util.logging where nothing else is bound to it.
        Logger logger = Logger.getLogger("coordconv.kernels");
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord message) {
                LOG.add(message.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });

        float[] x = xOfEachPixel(5);
        float[] again = xOfEachPixel(3);
        System.out.println(KernelInfo.current());

        require(!KernelInfo.current().vector(), "the Vector API is in use");
        require(x[0] == -1 && x[2] == 0 && x[4] == 1, "x runs from -1 to 1");
        require(again[0] == -1 && again[2] == 1, "x runs from -1 to 1");
        require(LOG.size() == 1 && LOG.get(0).contains("--add-modules jdk.incubator.vector"), "logged: " + LOG);
    }

    /** A CoordConv whose only weight is that of x. */
    private static float[] xOfEachPixel(int width) {
        ConvGeometry geometry = ConvGeometry.builder()
                .input(1, 1, 1, width).outChannels(1).kernel(1, 1).coords(CoordPreset.PADDLE).build();
        Conv2dPlan plan = Conv2dPlan.of(geometry);
        float[] weights = {0, 1, 0};
        float[] y = new float[width];
        plan.forward(FloatRegion.of(new float[width]), plan.pack(FloatRegion.of(weights), null), FloatRegion.of(y));
        return y;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
