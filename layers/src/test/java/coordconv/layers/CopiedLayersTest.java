package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.PReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.Softmax;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.activations.Unary;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;
import coordconv.layers.convolution.Linear;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Binary;
import coordconv.layers.merging.BinaryFunction;
import coordconv.layers.merging.Concat;
import coordconv.layers.merging.Mul;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.ChannelNorm;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.normalisation.LayerNorm;
import coordconv.layers.normalisation.LocalResponseNorm;
import coordconv.layers.pooling.AdaptiveAvgPool2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.Reduce;
import coordconv.layers.pooling.Reduction;
import coordconv.layers.shaping.ChannelShuffle;
import coordconv.layers.shaping.DepthToSpace;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Pad;
import coordconv.layers.shaping.Pick;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.shaping.Slice;
import coordconv.layers.shaping.SpaceToDepth;
import coordconv.layers.shaping.Squeeze;
import coordconv.layers.shaping.Tile;
import coordconv.layers.shaping.TileOverImage;
import coordconv.layers.shaping.Transpose;
import coordconv.layers.shaping.Unsqueeze;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of one layer, which the callers of a Predictor run side by side: what they share no pass writes to. */
class CopiedLayersTest {
    private static final Shape IMAGES = Shape.of(2, 4, 6, 6);
    private static final ConvSpec SPEC = ConvSpec.of(4, 4, 3).withPadding(1);

    private record Sample(Layer layer, Shape... inputs) {
        @Override
        public String toString() {
            return layer.type();
        }
    }

    private static Sample images(Layer layer) {
        return new Sample(layer, IMAGES);
    }

    static Stream<Sample> samples() {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        g.output("y", g.add("sum", new Add(), g.add("relu", new ReLU(), g.add("conv", new Conv2d(SPEC), x)), x));
        return Stream.of(images(new ReLU()), images(new LeakyReLU(0.5f)), images(new Sigmoid()), images(Unary.silu()),
                images(new PReLU(4)), images(new PReLU(1)), images(new Softmax(1)), images(new SpatialSoftmax()),
                images(new Conv2d(SPEC)), images(new Conv2d(SPEC.withGroups(4))), images(new CoordConv2d(SPEC)),
                images(new ConvTranspose2d(SPEC.withStride(2))), images(new CoordConvTranspose2d(SPEC)),
                new Sample(new DeformableConv2d(SPEC, Deformation.V2),
                        IMAGES, Shape.of(2, 18, 6, 6), Shape.of(2, 9, 6, 6)),
                new Sample(new Linear(5, 3), Shape.of(2, 5)),
                new Sample(new Add(), IMAGES, IMAGES), new Sample(new Mul(), IMAGES, IMAGES), new Sample(new Concat(), IMAGES, IMAGES),
                new Sample(new Binary(BinaryFunction.MULTIPLY), IMAGES, Shape.of(1, 4, 1, 1)),
                images(Binary.learned(BinaryFunction.ADD, Samples.gaussian(Shape.of(4, 1, 1), 4))),
                images(new BatchNorm2d(4)), images(new ChannelNorm(4, 1e-3)), images(new Dropout(0.5)), images(new GroupNorm(2, 4)),
                images(new LayerNorm(Shape.of(6, 6), 1e-3)), images(new LocalResponseNorm(3, 1, 0.75, 1)),
                images(new AdaptiveAvgPool2d(2, 3)), images(new AvgPool2d(2)), images(new GlobalAvgPool2d()),
                images(new GlobalMaxPool2d()), images(new MaxPool2d(2)), images(new Reduce(Reduction.MEAN, true, 1)),
                images(new ChannelShuffle(2)), images(new DepthToSpace(2, true)), images(new Flatten()),
                images(Pad.images(Pad.Mode.REFLECT, 1, 1, 1, 1)), images(new Pick(1, 0)), images(new Reshape(4, 36)),
                images(new Resize(ResizeSpec.byScales(ResizeSpec.Mode.LINEAR, 2, 2))), images(Slice.of(1, 0, 2)),
                images(new SpaceToDepth(2)), new Sample(new Squeeze(1), Shape.of(2, 1, 5)), images(new Tile(1, 2, 1, 1)),
                new Sample(new TileOverImage(3, 3), Shape.of(2, 4)), images(new Transpose(0, 2, 3, 1)), images(new Unsqueeze(1)),
                images(g.build()), images(Sequential.of(new Conv2d(SPEC), new BatchNorm2d(4), new ReLU())));
    }

    /** Every class of this module that can be made is among the samples. */
    @Test
    void noLayerIsForgotten() throws IOException, URISyntaxException {
        Path root = Path.of(Layer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<String> layers = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class") && !f.endsWith("module-info.class")).toList()) {
                String name = root.relativize(file).toString().replace('/', '.');
                try {
                    Class<?> type = Class.forName(name.substring(0, name.length() - 6), false, Layer.class.getClassLoader());
                    if (Layer.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())
                            && Modifier.isPublic(type.getModifiers())) {
                        layers.add(type.getName());
                    }
                } catch (ClassNotFoundException e) {
                    throw new AssertionError(e);
                }
            }
        }
        assertTrue(layers.size() > 40, layers.toString());
        assertEquals(layers, samples().map(sample -> sample.layer.getClass().getName()).collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void copiesWriteToNothingThatTheyShare(Sample sample) throws IllegalAccessException {
        sample.layer.initialise(1);
        Layer prototype = sample.layer.snapshot();
        Layer[] copies = new Layer[2];
        for (int i = 0; i < 2; i++) {
            copies[i] = Layer.copyOf(i == 0 ? prototype : copies[0], UnaryOperator.identity());
            copies[i].configure(List.of(sample.inputs), Execution.INFERENCE, false);
        }
        float[][] first = run(copies[0], sample, 1);
        float[][] second = run(copies[1], sample, 2);
        Set<Object> shared = reachable(copies[0]);
        shared.retainAll(reachable(copies[1]));
        List<Object> before = contents(shared);
        float[][] again = run(copies[0], sample, 1);
        assertTrue(before.equals(contents(shared)), "a pass wrote to what copies share");
        assertArrayEquals(first, again);
        run(copies[0], sample, 3);
        assertArrayEquals(second, run(copies[1], sample, 2));
        sample.layer.configure(List.of(sample.inputs), Execution.INFERENCE, false);
        assertArrayEquals(first, run(sample.layer, sample, 1));
    }

    @Test
    void aCopyPlansAnewForAnotherShape() {
        Layer conv = new Conv2d(SPEC).initialise(1);
        Layer copy = Layer.copyOf(conv.snapshot(), UnaryOperator.identity());
        for (Shape shape : new Shape[] {IMAGES, Shape.of(3, 4, 5, 9)}) {
            conv.configure(shape, Execution.INFERENCE);
            copy.configure(shape, Execution.INFERENCE);
            assertArrayEquals(run(conv, new Sample(conv, shape), 1), run(copy, new Sample(conv, shape), 1));
        }
    }

    private static float[][] run(Layer layer, Sample sample, int seed) {
        Tensor[] x = Arrays.stream(sample.inputs).map(shape -> Samples.gaussian(shape, seed)).toArray(Tensor[]::new);
        return Arrays.stream(layer.forward(x, Phase.INFERENCE)).map(y -> y.data().clone()).toArray(float[][]::new);
    }

    /** Everything of this module, and arrays, that fields lead to. Kernels are thread-safe by themselves. */
    private static Set<Object> reachable(Object root) throws IllegalAccessException {
        Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Object> open = new ArrayList<>(List.of(root));
        while (!open.isEmpty()) {
            Object next = open.removeLast();
            if (next == null || !found.add(next)) {
                continue;
            }
            if (next instanceof Object[] array) {
                open.addAll(Arrays.asList(array));
            } else if (next instanceof Map<?, ?> map) {
                open.addAll(map.values());
            } else if (next instanceof Iterable<?> list && !(next instanceof Path)) {
                list.forEach(open::add);
            } else {
                for (Field field : fields(next)) {
                    open.add(field.get(next));
                }
            }
        }
        return found;
    }

    private static List<Field> fields(Object of) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> type = of.getClass(); type != null && type.getName().startsWith("coordconv.layers"); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isEnum()) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    /** Elements of arrays and fields of objects: numbers by value, the rest by identity. */
    private static List<Object> contents(Set<Object> of) throws IllegalAccessException {
        List<Object> contents = new ArrayList<>();
        for (Object one : of) {
            if (one.getClass().isArray()) {
                for (int i = 0; i < Array.getLength(one); i++) {
                    contents.add(content(Array.get(one, i)));
                }
            } else {
                for (Field field : fields(one)) {
                    contents.add(content(field.get(one)));
                }
            }
        }
        return contents;
    }

    private static Object content(Object value) {
        return value instanceof Number || value instanceof Boolean ? value : System.identityHashCode(value);
    }
}
