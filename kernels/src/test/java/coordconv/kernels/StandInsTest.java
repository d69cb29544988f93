package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.DepthwiseView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import coordconv.kernels.testing.KernelSets;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plan that was called before its micro-kernels were compiled runs them once they are, and asks for each no more. */
class StandInsTest {
    /** Micro-kernels of pixels that count their calls, and are stand-ins until they are said to be compiled. */
    private static final class Counted {
        private final KernelSet kernels = KernelSets.WIDTHS.getFirst();
        private boolean compiled;
        private int asked;
        private int standIns;
        private int runs;

        KernelSet set() {
            return (KernelSet) Proxy.newProxyInstance(KernelSet.class.getClassLoader(), new Class<?>[] {KernelSet.class}, (proxy, method, args) -> {
                try {
                    Object kernel = method.invoke(kernels, args);
                    return switch (kernel) {
                        case PixelKernel pixels -> pixels(pixels);
                        case DepthwiseKernel depthwise -> depthwise(depthwise);
                        default -> kernel;
                    };
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
            });
        }

        private void count(boolean standIn) {
            standIns += standIn ? 1 : 0;
            runs += standIn ? 0 : 1;
        }

        private PixelKernel pixels(PixelKernel kernel) {
            boolean standIn = !compiled;
            asked++;
            return new PixelKernel() {
                @Override
                public void run(int tiles, PixelView view) {
                    count(standIn);
                    kernel.run(tiles, view);
                }

                @Override
                public boolean isStandIn() {
                    return standIn;
                }
            };
        }

        private DepthwiseKernel depthwise(DepthwiseKernel kernel) {
            boolean standIn = !compiled;
            asked++;
            return new DepthwiseKernel() {
                @Override
                public void run(int outputs, int channels, DepthwiseView view) {
                    count(standIn);
                    kernel.run(outputs, channels, view);
                }

                @Override
                public boolean isStandIn() {
                    return standIn;
                }
            };
        }
    }

    /** Panels of output channels, an output channel by itself, and groups of one channel. */
    @ParameterizedTest
    @CsvSource({"8, 40, 1", "40, 1, 1", "40, 40, 40"})
    void standInsGiveWay(int channels, int outputs, int groups) {
        Counted counted = new Counted();
        ConvGeometry g = ConvGeometry.builder().input(2, channels, 5, 6).outChannels(outputs).groups(groups).kernel(3, 3).padding(1)
                .coords(CoordPreset.NONE).inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC).build();
        Conv2dPlan plan = Machine.replacing(machine -> machine.withKernels(counted.set()), () -> Conv2dPlan.of(g));
        PackedWeights packed = plan.pack(FloatRegion.of(new float[g.weightLength()]), null);
        FloatRegion x = FloatRegion.of(new float[g.inputLength()]);
        FloatRegion y = FloatRegion.of(new float[g.outputLength()]);
        plan.forward(x, packed, y);
        int standIns = counted.standIns;
        assertTrue(standIns > 0 && counted.runs == 0, standIns + " calls of stand-ins, " + counted.runs + " of others");
        counted.compiled = true;
        plan.forward(x, packed, y);
        assertEquals(standIns, counted.runs);
        assertEquals(standIns, counted.standIns);
        int asked = counted.asked;
        plan.forward(x, packed, y);
        assertEquals(asked, counted.asked);
    }
}
