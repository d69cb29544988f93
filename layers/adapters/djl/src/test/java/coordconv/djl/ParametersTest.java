package coordconv.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.nn.Parameter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parameters are DJL's own: initialised, saved, loaded, frozen and replaced as those of its blocks. */
class ParametersTest extends EngineTest {
    private Djl djl;

    @BeforeEach
    void describe() {
        djl = new Djl(manager, "n2c3h6w9o4k3p1+xy");
    }

    private CoordConv2d fresh() {
        return CoordConv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).optPadding(new Shape(1, 1)).build();
    }

    private static byte[] saved(Block block) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        block.saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private void load(Block block, byte[] bytes) throws Exception {
        block.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    @Test
    void initialisersFillThemAndTheirShapesAreInferred() {
        CoordConv2d block = fresh();
        block.setInitializer(new ConstantInitializer(0.5f), "weight");
        block.setInitializer(new ConstantInitializer(2), Parameter.Type.BIAS);
        block.initialize(manager, DataType.FLOAT32, djl.inputShape());
        assertEquals(new Shape(4, 5, 3, 3), block.getParameters().get("weight").getArray().getShape());
        float[] halves = new float[4 * 5 * 9];
        Arrays.fill(halves, 0.5f);
        assertArrayEquals(halves, block.getParameters().get("weight").getArray().toFloatArray());
        assertArrayEquals(new float[] {2, 2, 2, 2}, block.getParameters().get("bias").getArray().toFloatArray());
        CoordConv2d noBias = CoordConv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(2).optBias(false).build();
        noBias.initialize(manager, DataType.FLOAT32, djl.inputShape());
        assertEquals(1, noBias.getParameters().size());
        djl.forward(noBias, djl.input(), false);
    }

    @Test
    void savedOnesGiveTheSameOutput() throws Exception {
        CoordConv2d block = djl.ours();
        CoordConv2d loaded = fresh();
        load(loaded, saved(block));
        assertArrayEquals(djl.run(block, false), djl.run(loaded, false));
        assertFalse(loaded.getParameters().get("weight").getArray().hasGradient(), "loaded weights are packed once");
    }

    @Test
    void theFilesOfConv2dOverAConcatenatedInputAreLoaded() throws Exception {
        Block theirs = djl.theirs();
        Conv2d conv = (Conv2d) theirs.getChildren().values().getLast();
        CoordConv2d loaded = fresh();
        load(loaded, saved(conv));
        assertArrayEquals(djl.run(djl.ours(), false), djl.run(loaded, false));
    }

    @Test
    void weightsThatTakeGradientsAreReadInEveryCall() {
        CoordConv2d block = djl.ours();
        float[] before = djl.run(block, false);
        block.getParameters().get("weight").getArray().muli(2);
        block.getParameters().get("bias").getArray().muli(2);
        assertArrayEquals(doubled(before), djl.run(block, false));
    }

    @Test
    void frozenWeightsAreReadAnewWhenTheyAreReplacedOrWhenAsked() throws Exception {
        CoordConv2d block = djl.ours();
        block.freezeParameters(true);
        float[] before = djl.run(block, false);
        byte[] first = saved(block);
        block.getParameters().get("weight").getArray().muli(2);
        block.getParameters().get("bias").getArray().muli(2);
        assertArrayEquals(before, djl.run(block, false), "packed weights are kept");
        block.repackWeights();
        assertArrayEquals(doubled(before), djl.run(block, false));
        load(block, first);
        assertArrayEquals(before, djl.run(block, false));
    }

    /** Exact: doubling never rounds here. */
    private static float[] doubled(float[] values) {
        float[] twice = values.clone();
        for (int i = 0; i < twice.length; i++) {
            twice[i] *= 2;
        }
        return twice;
    }
}
