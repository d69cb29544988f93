package coordconv.verification.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvGeometry.Builder;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.ClampedRamp;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.VectorWidth;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes that make no convolution are refused by name, overflow included. */
class BadGeometryTest {
    private static final int HUGE = Integer.MAX_VALUE;

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("batch", "0", b -> b.input(0, 3, 5, 5)),
                wrong("batch", "-1", b -> b.input(-1, 3, 5, 5)),
                wrong("channels", "0", b -> b.input(1, 0, 5, 5)),
                wrong("height", "-7", b -> b.input(1, 3, -7, 5)),
                wrong("width", "0", b -> b.input(1, 3, 5, 0)),
                wrong("outChannels", "0", b -> b.outChannels(0)),
                wrong("kernelHeight", "0", b -> b.kernel(0, 3)),
                wrong("kernelWidth", "-3", b -> b.kernel(3, -3)),
                wrong("strideHeight", "0", b -> b.stride(0, 1)),
                wrong("strideWidth", "-1", b -> b.stride(1, -1)),
                // A stride or a dilation so large that an index plus it would pass the end of an int.
                wrong("strideHeight", "2147483647", b -> b.stride(HUGE, 1)),
                wrong("strideWidth", "1073741824", b -> b.stride(1, HUGE / 2 + 1)),
                wrong("dilationHeight", "2147483647", b -> b.kernel(1, 1).dilation(HUGE, 1)),
                wrong("dilationHeight", "0", b -> b.dilation(0, 1)),
                wrong("dilationWidth", "-2", b -> b.dilation(1, -2)),
                wrong("groups", "0", b -> b.groups(0)),
                wrong("padTop", "-1", b -> b.padding(-1, 0, 0, 0)),
                wrong("padBottom", "-1", b -> b.padding(0, -1, 0, 0)),
                wrong("padLeft", "-1", b -> b.padding(0, 0, -1, 0)),
                wrong("padRight", "-1", b -> b.padding(0, 0, 0, -1)),
                wrong("groups", "2", b -> b.groups(2)),
                wrong("groups", "5", b -> b.groups(5)),
                wrong("kernel extent along the height", "6", b -> b.kernel(6, 1)),
                wrong("kernel extent along the width", "7", b -> b.kernel(1, 3).dilation(1, 3)),
                wrong("kernel extent along the height", "4294967293", b -> b.kernel(HUGE, 1).dilation(2, 1)),
                wrong("padded height", "4294967299", b -> b.padding(HUGE, HUGE, 0, 0).input(1, 3, 5, 5)),
                wrong("input [N, C, H, W]", "elements", b -> b.input(1 << 16, 3, 1 << 15, 5)),
                wrong("input [N, C, H, W]", "elements", b -> b.input(HUGE, HUGE - 9999, HUGE / 2, 5).kernel(1, 1)),
                wrong("weights [O, C/groups, KH, KW]", "elements",
                        b -> b.input(1, 1 << 12, 16, 16).outChannels(1 << 12).kernel(16, 16)),
                wrong("output [N, O, OH, OW]", "elements",
                        b -> b.input(1, 3, 5, 5).kernel(1, 1).outChannels(1 << 10).padding(1 << 10)),
                wrong("coordinate ramps", "3 images", b -> b.coords(new CoordChannels(
                        List.of(new Ramp(Axis.ROW, new double[3], new double[3])), Placement.AFTER))));
    }

    private static Arguments wrong(String argument, String given, UnaryOperator<Builder> change) {
        return Arguments.of(argument, given, change);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("wrong")
    void aWrongSizeIsRefusedByName(String argument, String given, UnaryOperator<Builder> change) {
        Builder sound = ConvGeometry.builder().input(2, 3, 5, 5).outChannels(4).kernel(3, 3);
        sound.build();
        refused(argument, given, () -> change.apply(sound).build());
    }

    @Test
    void aPlanWhoseScratchPassesTheEndOfAnIntIsRefused() {
        // Eight images of one pixel, each staged with the two rows that the taps reach, 2^29 apart.
        ConvGeometry far = ConvGeometry.builder().input(8, 1, 1, 1).outChannels(1).kernel(2, 1).dilation(1 << 29, 1)
                .padding(1 << 29, 0, 0, 0).coords(CoordPreset.NONE).build();
        refused("geometry", "dilation 536870912x1", () -> Conv2dPlan.of(far));
    }

    @Test
    void coordinatesThatAreNoNumbersAreRefused() {
        refused("ramp start", "NaN", () -> new Ramp(Axis.ROW, Double.NaN, 1));
        refused("ramp step", "Infinity", () -> new Ramp(Axis.ROW, 0, Double.POSITIVE_INFINITY));
        refused("least value of a clamped ramp", "0.0", () -> new ClampedRamp(new Ramp(Axis.ROW, 0, 1), 0, true));
        refused("least value of a clamped ramp", "NaN", () -> new ClampedRamp(new Ramp(Axis.ROW, 0, 1), Double.NaN, false));
        refused("nearest and farthest", "5.0 and 5.0", () -> CoordChannels.radarRange(new double[] {5}, new double[] {5}, 3));
        refused("nearest and farthest", "NaN and 5.0", () -> CoordChannels.radarRange(new double[] {Double.NaN}, new double[] {5}, 3));
        refused("nearest and farthest", "1 and 2 ranges", () -> CoordChannels.radarRange(new double[1], new double[2], 3));
        refused("width", "0", () -> CoordChannels.radarRange(new double[] {0}, new double[] {5}, 0));
        refused("radius scale", "NaN", () -> new Radius(new Ramp(Axis.ROW, 0, 1), new Ramp(Axis.COLUMN, 0, 1), Double.NaN));
    }

    @Test
    void theLargestTensorsAreDescribedWithoutOverflow() {
        ConvGeometry g = ConvGeometry.builder().input(1, 1, 1 << 15, (1 << 16) - 1).outChannels(1).kernel(1, 1).coords(CoordPreset.NONE).build();
        assertEquals((1 << 15) * ((1 << 16) - 1), g.outputLength());
    }

    @Test
    void thirdPartiesOfThePlanAreRefusedByName() {
        refused("threads", "0", () -> Parallelism.of(Runnable::run, 0));
        refused("threads", "-4", () -> Parallelism.of(Runnable::run, -4));
        refused("offset", "3", () -> FloatRegion.of(new float[2], 3));
        refused("offset", "-1", () -> FloatRegion.of(new float[2], -1));
        refused("negativeSlope", "NaN", () -> Activation.leakyRelu(Float.NaN));
        refused("cap", "NaN", () -> Activation.clippedRelu(Float.NaN));
        refused("cap", "0.0", () -> Activation.clippedRelu(0));
        refused("cap", "Infinity", () -> Activation.clippedRelu(Float.POSITIVE_INFINITY));
        refused("cap", "6.0", () -> new Activation(Activation.Kind.RELU, 0, 6));
        refused("negativeSlope", "0.5", () -> new Activation(Activation.Kind.CLIPPED_RELU, 0.5f, 6));
        refused("species", "1024 bits", () -> VectorWidth.ofBits(1024));
        refused("coordinate preset", "zz", () -> CoordPreset.named("zz"));
        refused("height", "0", () -> CoordPreset.PADDLE.channels(0, 3));
        refused("ramp start and step", "2 and 1", () -> new Ramp(Axis.ROW, new double[2], new double[1]));
        refused("radius ramps", "2 and 3 images", () -> new Radius(new Ramp(Axis.ROW, new double[2], new double[2]),
                new Ramp(Axis.ROW, new double[3], new double[3]), 1));
    }

    private static void refused(String argument, String given, Executable call) {
        Exception e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().startsWith(argument + ": given "), e.getMessage());
        assertTrue(e.getMessage().contains(given) && e.getMessage().contains(", needed "), e.getMessage());
    }
}
