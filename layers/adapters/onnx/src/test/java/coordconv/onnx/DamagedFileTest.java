package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.TileOverImage;
import coordconv.onnx.OnnxExport.Batch;
import coordconv.onnx.model.OnnxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A good model, damaged at random: what comes out is the documented exception or a sound network. */
class DamagedFileTest {
    private static final Shape INPUT = Shape.of(1, 2);
    private static final byte[] GOOD = OnnxExport.toBytes(Networks.filled(Sequential.of(new TileOverImage(5, 6),
            new CoordConv2d(ConvSpec.of(2, 3, 3).withPadding(1)), new BatchNorm2d(3), new MaxPool2d(2),
            new ConvTranspose2d(ConvSpec.of(3, 2, 2)), new Conv2d(ConvSpec.of(2, 2, 1).withGroups(2)),
            new GlobalMaxPool2d(), new Flatten(), new Dropout(0.5), new Linear(2, 2)), 1), INPUT, Batch.ANY);

    private static final List<String> OPERATORS = List.of("Conv", "ConvTranspose", "Concat", "Gemm", "MatMul", "Add", "Relu",
            "LeakyRelu", "Softmax", "BatchNormalization", "Dropout", "Identity", "MaxPool", "AveragePool", "Flatten",
            "Reshape", "Squeeze", "Unsqueeze", "Expand", "Tile", "Range", "Shape", "Gather", "Slice", "Transpose", "Cast",
            "Constant", "ConstantOfShape", "Mul", "Div", "Equal", "Where", "Sqrt", "Resize", "Upsample", "Pad", "Split", "ReduceMean",
            "ReduceMax", "LRN", "InstanceNormalization", "GroupNormalization", "LayerNormalization", "PRelu", "Clip", "Max",
            "NonZero", "CumSum", "Less", "CastLike", "DepthToSpace", "SpaceToDepth", "GlobalAveragePool", "Pow", "Sum", "If");

    private static Path file;

    @BeforeContainer
    static void makeFile() throws IOException {
        file = Files.createTempFile("damaged", ".onnx");
    }

    @AfterContainer
    static void deleteFile() throws IOException {
        Files.delete(file);
    }

    /** Some bytes overwritten. */
    private record Damage(int at, byte[] bytes) {
        @Override
        public String toString() {
            return "at " + at + " " + Arrays.toString(bytes);
        }
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(6);
        Arbitrary<byte[]> lyingLengths = Arbitraries.of(new byte[] {-1, -1, -1, -1, 7}, new byte[] {-1, -1, 127},
                new byte[] {-128, -128, -128, -128, 8}, new byte[] {0}, new byte[] {127});
        return Combinators.combine(Arbitraries.integers().between(0, GOOD.length - 6).withoutEdgeCases(),
                        Arbitraries.oneOf(bytes, lyingLengths)).as(Damage::new).list().ofMinSize(1).ofMaxSize(3);
    }

    @Property(tries = 800)
    void overwrittenBytes(@ForAll("damages") List<Damage> damages) throws IOException {
        byte[] content = GOOD.clone();
        for (Damage damage : damages) {
            System.arraycopy(damage.bytes(), 0, content, damage.at(), damage.bytes().length);
        }
        readSoundlyOrNotAtAll(content);
    }

    /** Still a protobuf message, but no longer the model it was: operators, inputs, attributes and shapes change places. */
    @Property(tries = 1500)
    void rearranged(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        ModelProto.Builder model = ModelProto.parseFrom(GOOD).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        for (int change = random.nextInt(3); change >= 0; change--) {
            NodeProto.Builder node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
            NodeProto other = graph.getNode(random.nextInt(graph.getNodeCount()));
            TensorProto.Builder tensor = graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
            switch (random.nextInt(8)) {
                case 0 -> node.setOpType(OPERATORS.get(random.nextInt(OPERATORS.size())));
                case 1 -> node.clearInput().addInput(tensor.getName());
                case 2 -> node.addInput(random.nextBoolean() ? tensor.getName() : other.getOutput(0));
                case 3 -> node.clearInput();
                case 4 -> node.clearAttribute().addAllAttribute(other.getAttributeList());
                case 5 -> tensor.clearDims().addDims(random.nextInt(4) - 1).addDims(random.nextLong());
                case 6 -> {
                    long[] shape = new long[random.nextInt(5)];
                    Arrays.setAll(shape, i -> random.nextInt(8) - 2);
                    tensor.mergeFrom(Models.integers(tensor.getName(), shape)).clearDims().addDims(shape.length)
                            .clearFloatData().clearRawData();
                }
                default -> model.getOpsetImportBuilder(0).setVersion(random.nextInt(30));
            }
        }
        readSoundlyOrNotAtAll(model.build().toByteArray());
    }

    @Property(tries = 150)
    void truncated(@ForAll("lengths") int length) throws IOException {
        readSoundlyOrNotAtAll(Arrays.copyOf(GOOD, length));
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(0, GOOD.length - 1);
    }

    @Property(tries = 150)
    void noise(@ForAll byte[] content) throws IOException {
        readSoundlyOrNotAtAll(content);
    }

    /** What two overwritten bytes once made of the file: nothing computes, and there was no network. */
    @Example
    void withoutOutputs() throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(GOOD).toBuilder();
        model.getGraphBuilder().clearOutput();
        Files.write(file, model.build().toByteArray());
        String refusal = assertThrows(OnnxException.class, () -> OnnxImport.read(file)).getMessage();
        assertTrue(refusal.endsWith("outputs of the model: given none, needed at least one"), refusal);
        model.clearGraph();
        readSoundlyOrNotAtAll(model.build().toByteArray());
    }

    private static void readSoundlyOrNotAtAll(byte[] content) throws IOException {
        Files.write(file, content);
        try {
            OnnxNetwork read = OnnxImport.read(file);
            // Shapes fit together and every weight is where it belongs; what it computes is the damage's affair.
            read.network().outputShapes(List.copyOf(read.inputs().values()));
            assertTrue(read.network().state().values().stream()
                    .allMatch(p -> p.values().length == p.shape().elements()));
        } catch (OnnxException refusal) {
            assertTrue(refusal.getMessage().contains("needed"), refusal.getMessage());
        }
    }
}
