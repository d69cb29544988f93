package sample;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import java.util.Arrays;
import java.util.Random;

/** {@link Loops#convolve} replaced: the arrays stay what they are. */
public final class Main {
    private Main() {}

    static void convolve(float[] x, float[] weights, float[] bias, float[] y,
                         int n, int c, int h, int w, int o, int k) {
        // readme: from here
        ConvGeometry geometry = ConvGeometry.builder()
                .input(n, c, h, w).outChannels(o).kernel(k, k).padding(k / 2)
                .coords(CoordPreset.NONE)
                .build();
        Conv2dPlan plan = Conv2dPlan.of(geometry);
        plan.forward(FloatRegion.of(x), plan.pack(FloatRegion.of(weights), FloatRegion.of(bias)), FloatRegion.of(y));
        // readme: to here
    }

    /**
     * Runs both on small whole numbers, whose sums are exact in any order, and compares.
     *
     * @param args none
     */
    public static void main(String[] args) {
        int n = 2;
        int c = 5;
        int h = 14;
        int w = 17;
        int o = 6;
        int k = 3;
        Random random = new Random(1);
        float[] x = wholeNumbers(n * c * h * w, random);
        float[] weights = wholeNumbers(o * c * k * k, random);
        float[] bias = wholeNumbers(o, random);
        float[] loops = new float[n * o * h * w];
        float[] y = new float[n * o * h * w];
        Loops.convolve(x, weights, bias, loops, n, c, h, w, o, k);
        convolve(x, weights, bias, y, n, c, h, w, o, k);
        if (!Arrays.equals(loops, y)) {
            throw new IllegalStateException("the two differ first at " + Arrays.mismatch(loops, y));
        }
        System.out.println(y.length + " outputs, all equal");
    }

    private static float[] wholeNumbers(int count, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(17) - 8;
        }
        return values;
    }
}
