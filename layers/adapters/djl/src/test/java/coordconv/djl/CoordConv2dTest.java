package coordconv.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coordconv.kernels.CoordPreset;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.Expected;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values of the block: against the reference, against DJL's own operations, and against itself. */
class CoordConv2dTest extends EngineTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "n1c3h5w7o4k3p1+xy", "n5c8h9w6o17k3s2p1+xy", "n2c30h12w12o33k3p1+wizaron", "n3c62h7w7o64k3s2p1+xy",
        "n2c16h11w13o5k1+yx+r", "n1c4h16w9o8k5x3s2x1p2x1+solo", "n2c3h15w14o6k3d2x3p2+uber+r", "n2c6h8w8o4k3p1g2+xy",
        "n2c5h8w8o6k3p1"})
    void agreesWithConcatAndConvolutionOfTheEngine(String text) {
        Djl djl = new Djl(manager, text);
        Expected expected = djl.expected();
        float[] ours = djl.run(djl.ours(), false);
        within(expected.compare(ours), "ours in inference");
        float[] theirs = djl.run(djl.theirs(), false);
        within(expected.compare(theirs), "the engine's concatenation and convolution");
        within(expected.compareTogether(ours, theirs), "both together");
        within(expected.compare(djl.run(djl.ours(), true)), "ours in training");
    }

    /** Input channels of which libtorch 2.7.1 computes wrong values once the coordinates are concatenated. */
    @ParameterizedTest
    @ValueSource(strings = {"n4c64h7w7o64k3s2p1+xy", "n1c32h9w9o16k3p1+yx", "n1c16h6w6o8k3p1+xy"})
    void isRightWhereTheEngineIsNotSure(String text) {
        Djl djl = new Djl(manager, text);
        within(djl.expected().compare(djl.run(djl.ours(), false)), "ours in inference");
        within(djl.expected().compare(djl.run(djl.ours(), true)), "ours in training");
    }

    static Stream<CoordPreset> presets() {
        return Stream.of(CoordPreset.values());
    }

    @ParameterizedTest
    @MethodSource("presets")
    void everyPresetInBothModes(CoordPreset preset) {
        Djl djl = new Djl(manager, "n2c4h6w9o3k3p1+" + preset.code());
        within(djl.expected().compare(djl.run(djl.ours(), false)), "inference");
        within(djl.expected().compare(djl.run(djl.ours(), true)), "training");
    }

    @Test
    void viewsThatAreNotContiguousAreReadInTheirOwnOrder() {
        Djl djl = new Djl(manager, "n2c3h6w9o4k3p1+xy");
        NDArray turned = djl.input().transpose(0, 1, 3, 2).duplicate().transpose(0, 1, 3, 2);
        assertArrayEquals(djl.run(djl.ours(), false), djl.forward(djl.ours(), turned, false).toFloatArray());
        NDArray wider = djl.input().concat(djl.input(), 3).get(":, :, :, :9");
        assertArrayEquals(djl.run(djl.ours(), false), djl.forward(djl.ours(), wider, false).toFloatArray());
    }

    @Test
    void theEngineOfTheseTestsIsReadAndWrittenWithoutACopy() {
        assertTrue(NativeFloats.writesThrough(manager));
        NDArray array = manager.zeros(new Shape(3));
        array.toByteBuffer(true).putFloat(0, 5);
        assertEquals(5, NativeFloats.read(array).get(0));
        NativeFloats.read(array).set(1, 7);
        assertArrayEquals(new float[] {5, 7, 0}, array.toFloatArray());
    }

    @Test
    void anEngineThatHandsOutCopiesGetsABuffer() {
        NDArray array = NativeFloats.createFromBuffer(manager, new Shape(2, 3), region -> {
            for (int i = 0; i < 6; i++) {
                region.set(i, i);
            }
        });
        assertEquals(new Shape(2, 3), array.getShape());
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, array.toFloatArray());
    }

    @Test
    void onlyTheOutputIsAddedToTheManager() {
        Djl djl = new Djl(manager, "n2c3h6w9o4k3p1+xy");
        CoordConv2d block = djl.ours();
        NDArray x = djl.input();
        djl.forward(block, x, false).close();
        int before = manager.getManagedArrays().size();
        djl.forward(block, x, false);
        assertEquals(before + 1, manager.getManagedArrays().size());
    }

    @Test
    void shapesMayChangeFromCallToCall() {
        Djl first = new Djl(manager, "n2c3h6w9o4k3p1+xy");
        CoordConv2d block = first.ours();
        for (int round = 0; round < 2; round++) {
            for (int side = 3; side < 15; side++) {
                Djl other = new Djl(manager, "n1c3h" + side + "w4o4k3p1+xy");
                within(other.expected().compare(other.forward(block, other.input(), false).toFloatArray()), "side " + side);
            }
        }
    }

    @Test
    void manyThreadsMayPredictAtOnce() {
        Djl djl = new Djl(manager, "n4c8h13w11o16k3p1+xy");
        CoordConv2d block = djl.ours();
        block.freezeParameters(true);
        float[] alone = djl.run(block, false);
        IntStream.range(0, 40).parallel().forEach(i -> {
            try (NDManager own = manager.newSubManager()) {
                NDArray x = own.create(djl.x, djl.inputShape());
                assertArrayEquals(alone, djl.forward(block, x, false).toFloatArray());
            }
        });
    }

    @Test
    void theOutputShapeIsInferred() {
        CoordConv2d block = CoordConv2d.builder().setKernelShape(new Shape(3, 2)).setFilters(8)
                .optStride(new Shape(2, 1)).optPadding(new Shape(1, 0)).optDilation(new Shape(1, 3)).build();
        assertEquals(new Shape(7, 8, 5, 6), block.getOutputShapes(new Shape[] {new Shape(7, 3, 10, 9)})[0]);
        assertEquals(new Shape(-1, 8, 5, 6), block.getOutputShapes(new Shape[] {new Shape(-1, 3, 10, 9)})[0]);
    }

    @Test
    void whatCannotBeComputedIsRefusedByName() {
        Djl djl = new Djl(manager, "n2c3h6w9o4k3p1+xy");
        CoordConv2d block = djl.ours();
        refused("input: given float16, needed float32", () -> djl.forward(block, djl.input().toType(DataType.FLOAT16, false), false));
        refused("input: given (2, 3, 54), needed four axes", () -> djl.forward(block, djl.input().reshape(2, 3, 54), false));
        refused("weight: given (4, 5, 3, 3), needed (4, 8, 3, 3)",
                () -> djl.forward(block, manager.zeros(new Shape(2, 6, 6, 9)), false));
        refused("kernel extent along the height: given 3",
                () -> djl.forward(CoordConv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build(),
                        manager.zeros(new Shape(1, 3, 2, 9)), true));
        refused("stride: given (2), needed two axes", () -> CoordConv2d.builder().setKernelShape(new Shape(3, 3))
                .setFilters(4).optStride(new Shape(2)).build());
        assertThrows(IllegalArgumentException.class, () -> CoordConv2d.builder().setFilters(4).build());
    }

    private static void refused(String message, Runnable call) {
        Exception e = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    private static void within(Comparison comparison, String what) {
        assertTrue(comparison.ok(), what + ": " + comparison);
    }
}
