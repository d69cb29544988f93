package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.InputTransform;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.OutputTransform;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.SampleLoops;
import coordconv.kernels.internal.simd.SegmentLoops;
import coordconv.kernels.internal.simd.TapLoops;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TransposeLoops;
import coordconv.kernels.internal.simd.scalar.PixelProduct;
import coordconv.kernels.internal.simd.scalar.PlainPixelProduct;
import coordconv.kernels.internal.simd.scalar.ScalarDepthwise;
import coordconv.kernels.internal.simd.scalar.ScalarDots;
import coordconv.kernels.internal.simd.scalar.ScalarInputTransform;
import coordconv.kernels.internal.simd.scalar.ScalarOutputTransform;
import coordconv.kernels.internal.simd.scalar.ScalarPackLoops;
import coordconv.kernels.internal.simd.scalar.ScalarPixels;
import coordconv.kernels.internal.simd.scalar.ScalarSampleLoops;
import coordconv.kernels.internal.simd.scalar.ScalarTapLoops;
import coordconv.kernels.internal.simd.scalar.ScalarTransposeLoops;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of one vector width, each micro-kernel defined when it is first asked for.
 *
 * <p>The tile keeps MR x 2 accumulators, two vectors of B and one broadcast of A in registers. With 32
 * vector registers (AVX-512, NEON) that is MR = 12: at MR = 13 C2 of JDK 25 spills and the rate halves.
 * With 16 (AVX2) it is MR = 4: of 6 x 2 accumulators C2 keeps one on the stack, and layers take 1.1 to 1.5 times as long.
 */
public final class VectorKernels implements KernelSet {
    /** NR in vectors. */
    static final int VECTORS = 2;
    /** MR with 32 vector registers. */
    private static final int MANY_REGISTERS_ROWS = 12;

    private final int bits;
    private final int maxRows;
    private final boolean fused;
    /** Whether others serve until a micro-kernel is compiled. */
    private final boolean standIns;
    /** Their products; null where nobody asked for one. */
    private FourRows standInProduct;
    private PixelProduct standInPixels;
    private MemorySegment rehearsalWeights;
    /** Null where nobody asked for them, as those that follow. */
    private PackLoops loops;
    private SegmentLoops segmentLoops;
    private TapLoops tapLoops;
    private SampleLoops sampleLoops;
    private TransposeLoops transposeLoops;
    /** Each shape's micro-kernel, or what serves until that is compiled and takes its place. */
    private final Map<TileKernel.Shape, TileKernel> tiles = new ConcurrentHashMap<>();
    private final Map<PixelKernel.Shape, PixelKernel> pixels = new ConcurrentHashMap<>();
    private final Map<DepthwiseKernel.Shape, DepthwiseKernel> depthwise = new ConcurrentHashMap<>();
    private final Map<InputTransform.Shape, InputTransform> inputTransforms = new ConcurrentHashMap<>();
    private final Map<OutputTransform.Shape, OutputTransform> outputTransforms = new ConcurrentHashMap<>();

    /**
     * The kernels of a width.
     *
     * @param bits 128, 256, 512, or 0 for the preferred species of the processor
     * @param fused whether the processor multiplies and adds in one instruction
     */
    public VectorKernels(int bits, boolean fused) {
        this(bits, fused, maxRowsOfProcessor(), !"false".equals(System.getProperty("coordconv.standIns")));
    }

    /**
     * The kernels of a width on another processor.
     *
     * @param bits 128, 256, 512, or 0 for the preferred species of the processor
     * @param fused whether the processor multiplies and adds in one instruction
     * @param maxRows the greatest MR, an even number
     */
    public VectorKernels(int bits, boolean fused, int maxRows) {
        this(bits, fused, maxRows, false);
    }

    /**
     * The kernels of a width on another processor, at once or when they are compiled.
     *
     * @param bits 128, 256, 512, or 0 for the preferred species of the processor
     * @param fused whether the processor multiplies and adds in one instruction
     * @param maxRows the greatest MR, an even number
     * @param standIns whether others of the same bits serve until micro-kernels are compiled in the background
     */
    public VectorKernels(int bits, boolean fused, int maxRows, boolean standIns) {
        this.bits = bits == 0 ? FloatVector.SPECIES_PREFERRED.vectorBitSize() : bits;
        this.fused = fused;
        this.maxRows = maxRows;
        this.standIns = standIns;
    }

    private TransposeLoops vectorTransposeLoops() {
        return define(VectorTransposeLoops.class, bits);
    }

    private static int maxRowsOfProcessor() {
        boolean manyRegisters = FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512
                || System.getProperty("os.arch").equals("aarch64");
        return manyRegisters ? MANY_REGISTERS_ROWS : 4;
    }

    /**
     * What a {@link TileTemplate} is defined for.
     *
     * @param species the width
     * @param fused whether the processor multiplies and adds in one instruction
     * @param shape the shape of the kernel
     */
    record TileConstants(VectorSpecies<Float> species, boolean fused, TileKernel.Shape shape) {}

    /**
     * What a {@link PixelTemplate} or a {@link DotTemplate} is defined for.
     *
     * @param species the width
     * @param fused whether the processor multiplies and adds in one instruction
     * @param pixels held at once
     * @param shape the shape of the kernel
     */
    record PixelConstants(VectorSpecies<Float> species, boolean fused, int pixels, PixelKernel.Shape shape) {}

    /**
     * What a {@link DepthwiseTemplate} is defined for.
     *
     * @param species the width
     * @param fused whether the processor multiplies and adds in one instruction
     * @param shape the shape of the kernel
     */
    record DepthwiseConstants(VectorSpecies<Float> species, boolean fused, DepthwiseKernel.Shape shape) {}

    /**
     * What a {@link VectorFourRows} is defined for.
     *
     * @param species the width
     * @param fused whether the processor multiplies and adds in one instruction
     */
    record ProductConstants(VectorSpecies<Float> species, boolean fused) {}

    /**
     * What a {@link VectorInputTransform} or {@link VectorOutputTransform} is defined for.
     *
     * @param species the width
     * @param shape the shape of the transform
     */
    record TransformConstants(VectorSpecies<Float> species, Record shape) {}

    /**
     * The class data of a hidden class.
     *
     * @param template lookup of the class
     * @param type type of the data
     * @return the data
     */
    static <T> T classData(MethodHandles.Lookup template, Class<T> type) {
        try {
            return MethodHandles.classData(template, "_", type);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The species that a template was defined for, if its class data is the width in bits: a constant of its class. */
    static VectorSpecies<Float> speciesOf(MethodHandles.Lookup template) {
        return species(classData(template, Integer.class));
    }

    private static VectorSpecies<Float> species(int bits) {
        return switch (bits) {
            case 64 -> FloatVector.SPECIES_64;
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default -> FloatVector.SPECIES_MAX;
        };
    }

    /** Defines a template as a hidden class with class data; it is reached through what the template implements. */
    @SuppressWarnings("unchecked")
    private static <T> T define(Class<? extends T> template, Object classData) {
        try (InputStream code = template.getResourceAsStream(template.getSimpleName() + ".class")) {
            Class<?> defined = MethodHandles.lookup()
                    .defineHiddenClassWithClassData(code.readAllBytes(), classData, true).lookupClass();
            return (T) defined.getConstructor().newInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot define " + template.getSimpleName() + " of " + classData, e);
        }
    }

    @Override
    public int bits() {
        return bits;
    }

    @Override
    public int lanes() {
        return bits / Float.SIZE;
    }

    @Override
    public int maxRows() {
        return maxRows;
    }

    @Override
    public int nr() {
        return VECTORS * lanes();
    }

    @Override
    public TileKernel tile(TileKernel.Shape shape) {
        return tiles.computeIfAbsent(shape, standIns ? this::askedFor : this::template);
    }

    private TileKernel template(TileKernel.Shape shape) {
        return define(TileTemplate.class, new TileConstants(species(bits), fused, shape));
    }

    private TileKernel askedFor(TileKernel.Shape shape) {
        TileKernel standIn = standIn(shape, standInProduct());
        WarmUp.ask(new TileRehearsal(shape, template(shape), lanes(), nr(), tiles));
        return standIn;
    }

    private TileKernel standIn(TileKernel.Shape shape, FourRows product) {
        return new StandInTile(shape, product, new ScalarPackLoops(lanes()), lanes(), nr());
    }

    @Override
    public void preparePixels() {
        if (standIns) {
            standInPixels();
        }
    }

    @Override
    public void prepareTiles() {
        if (standIns) {
            standInProduct();
        }
    }

    @Override
    public void awaitCompiled() {
        WarmUp.await();
    }

    @Override
    public int pixelVectors() {
        return Math.clamp((maxRows + 2) / 3, 1, 4);
    }

    @Override
    public int pixelsAtOnce(int vectors) {
        if (maxRows < MANY_REGISTERS_ROWS) {
            return PixelKernel.PIXELS - 1;
        }
        return vectors == 1 ? 2 * PixelKernel.PIXELS : PixelKernel.PIXELS;
    }

    @Override
    public PixelKernel pixels(PixelKernel.Shape shape) {
        return pixels.computeIfAbsent(shape, standIns ? this::askedForPixels : this::pixelTemplate);
    }

    private PixelKernel pixelTemplate(PixelKernel.Shape shape) {
        int atOnce = pixelsAtOnce(shape.vectors());
        PixelConstants constants = new PixelConstants(species(bits), fused, atOnce, shape);
        if (shape.vectors() == 0) {
            // Vectors of the lanes between hold the partial sums whole.
            return lanes() < 4 || lanes() > PixelKernel.PARTIAL_SUMS ? new ScalarDots(shape, fused, false)
                    : define(DotTemplate.class, constants);
        }
        return define(atOnce > PixelKernel.PIXELS ? NarrowPixelTemplate.class : PixelTemplate.class, constants);
    }

    private PixelKernel askedForPixels(PixelKernel.Shape shape) {
        PixelKernel standIn = shape.vectors() == 0 ? new ScalarDots(shape, fused, true)
                : new ScalarPixels(shape, lanes(), standInPixels(), true);
        WarmUp.ask(new PixelRehearsal(shape, pixelTemplate(shape), lanes(), rehearsalWeights(), pixels));
        return standIn;
    }

    /** One for all shapes: the JVM fills it in a loop, which is interpreted in a first call. */
    private synchronized MemorySegment rehearsalWeights() {
        if (rehearsalWeights == null) {
            rehearsalWeights = Arena.ofAuto().allocate(PixelRehearsal.weightBytes(pixelVectors(), lanes()));
        }
        return rehearsalWeights;
    }

    @Override
    public DepthwiseKernel depthwise(DepthwiseKernel.Shape shape) {
        return depthwise.computeIfAbsent(shape, standIns ? this::askedForDepthwise : this::depthwiseTemplate);
    }

    private DepthwiseKernel depthwiseTemplate(DepthwiseKernel.Shape shape) {
        return define(DepthwiseTemplate.class, new DepthwiseConstants(species(bits), fused, shape));
    }

    private DepthwiseKernel askedForDepthwise(DepthwiseKernel.Shape shape) {
        WarmUp.ask(new DepthwiseRehearsal(shape, depthwiseTemplate(shape), lanes(), depthwise));
        return new ScalarDepthwise(shape, fused, true);
    }

    private FourRows vectorProduct() {
        return define(VectorFourRows.class, new ProductConstants(species(bits), fused));
    }

    private synchronized FourRows standInProduct() {
        if (standInProduct == null) {
            SwitchingFourRows product = new SwitchingFourRows(new PlainFourRows(nr(), fused), this::vectorProduct, nr());
            WarmUp.ask(product);
            standInProduct = product;
        }
        return standInProduct;
    }

    private PixelProduct vectorPixels() {
        return define(VectorPixelProduct.class, new ProductConstants(species(bits), fused));
    }

    private synchronized PixelProduct standInPixels() {
        if (standInPixels == null) {
            SwitchingPixelProduct product = new SwitchingPixelProduct(new PlainPixelProduct(fused), this::vectorPixels, lanes());
            WarmUp.ask(product);
            standInPixels = product;
        }
        return standInPixels;
    }

    /**
     * {@return a kernel that serves until the one of a shape is compiled}
     *
     * @param shape what it is for
     * @param plain whether its product is plain Java, not the small vector product
     */
    public PixelKernel standIn(PixelKernel.Shape shape, boolean plain) {
        return shape.vectors() == 0 ? new ScalarDots(shape, fused, true)
                : new ScalarPixels(shape, lanes(), plain ? new PlainPixelProduct(fused) : vectorPixels(), true);
    }

    /**
     * {@return a kernel that serves until the one of a shape is compiled}
     *
     * @param shape what it is for
     * @param plain whether its product is plain Java, not the small vector product
     */
    public TileKernel standIn(TileKernel.Shape shape, boolean plain) {
        return standIn(shape, plain ? new PlainFourRows(nr(), fused) : vectorProduct());
    }

    @Override
    public InputTransform inputTransform(InputTransform.Shape shape) {
        return inputTransforms.computeIfAbsent(shape, s -> fused
                ? define(VectorInputTransform.class, new TransformConstants(species(bits), s)) : new ScalarInputTransform(s, lanes()));
    }

    @Override
    public OutputTransform outputTransform(OutputTransform.Shape shape) {
        return outputTransforms.computeIfAbsent(shape, s -> fused
                ? define(VectorOutputTransform.class, new TransformConstants(species(bits), s)) : new ScalarOutputTransform(s, lanes()));
    }

    // Each of the following is made when a plan first needs it: to define one takes some milliseconds of a first call.
    @Override
    public synchronized PackLoops loops() {
        if (loops == null) {
            loops = define(VectorPackLoops.class, bits);
        }
        return loops;
    }

    @Override
    public synchronized SegmentLoops segmentLoops() {
        if (segmentLoops == null) {
            segmentLoops = define(VectorSegmentLoops.class, bits);
        }
        return segmentLoops;
    }

    @Override
    public synchronized TapLoops tapLoops() {
        if (tapLoops == null) {
            // Without the instruction, a fused multiply-add is emulated thousands of times slower.
            tapLoops = fused ? define(VectorTapLoops.class, bits) : new ScalarTapLoops();
        }
        return tapLoops;
    }

    @Override
    public synchronized TransposeLoops transposeLoops() {
        if (transposeLoops == null) {
            transposeLoops = standIns ? new SwitchingTransposeLoops(new ScalarTransposeLoops(lanes()), this::vectorTransposeLoops)
                    : vectorTransposeLoops();
        }
        return transposeLoops;
    }

    @Override
    public synchronized SampleLoops sampleLoops() {
        if (sampleLoops == null) {
            sampleLoops = fused ? define(VectorSampleLoops.class, bits) : new ScalarSampleLoops();
        }
        return sampleLoops;
    }
}
