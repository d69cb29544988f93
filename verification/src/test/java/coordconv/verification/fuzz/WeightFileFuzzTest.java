package coordconv.verification.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.Layer;
import coordconv.layers.io.NamedArray;
import coordconv.layers.io.NamedArrays;
import coordconv.layers.io.PaddleWeights;
import coordconv.layers.io.ReadLimits;
import coordconv.layers.io.WeightFile;
import coordconv.layers.io.WeightFileException;
import coordconv.layers.io.Weights;
import coordconv.verification.cases.Check;
import coordconv.verification.fuzz.Bounded.Outcome;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Weight files of every format: read soundly, or refused with nothing changed. */
class WeightFileFuzzTest {
    private static final ReadLimits LIMITS = new ReadLimits(1 << 16, 50, 1 << 20);
    /** Nobody gets what a lying file asks for: the limits, twice over for a change of order, and buffers. */
    private static final long MOST_BYTES = 16 << 20;
    private static final String[] ENDINGS = {".npy", ".npz", ".safetensors"};
    private static final Layer OTHER = differentModel();

    private static Layer differentModel() {
        Layer model = WeightSamples.model().initialise(2);
        model.state().values().forEach(parameter -> Arrays.setAll(new Object[parameter.values().length],
                i -> parameter.values()[i] += 0.125f * (i + 1)));
        return model;
    }

    private static Outcome<NamedArrays> read(String name, byte[] content) throws IOException {
        try (ScratchFile scratch = ScratchFile.of(name, content)) {
            Outcome<NamedArrays> outcome = Bounded.run(MOST_BYTES, () -> WeightFile.read(scratch.file(), LIMITS));
            if (outcome.thrown() != null) {
                Bounded.requireRefusal(outcome.thrown(), WeightFileException.class);
            }
            return outcome;
        }
    }

    private static void requireSound(NamedArrays arrays) {
        for (NamedArray array : arrays == null ? NamedArrays.of() : arrays) {
            assertEquals(Arrays.stream(array.shape()).reduce(1, Math::multiplyExact), array.values().length);
        }
    }

    @Provide
    Arbitrary<String> endings() {
        return Arbitraries.of(ENDINGS);
    }

    @Provide
    Arbitrary<List<Edit>> damage() {
        return Edit.some();
    }

    @Property(tries = 150)
    void noiseIsRefusedOrSound(@ForAll("endings") String ending, @ForAll byte[] noise) throws IOException {
        requireSound(read("noise" + ending, noise).result());
    }

    @Property(tries = 300)
    void damagedFilesAreRefusedOrSound(@ForAll("endings") String ending, @ForAll("damage") List<Edit> damage) throws IOException {
        requireSound(read("damaged" + ending, Edit.apply(damage, WeightSamples.fileOf(OTHER, ending))).result());
    }

    @Property(tries = 200)
    void damagedCompressedArchivesAreRefusedOrSound(@ForAll("damage") List<Edit> damage) throws IOException {
        requireSound(read("damaged.npz", Edit.apply(damage, WeightSamples.deflated(OTHER))).result());
    }

    @Example
    void theSamplesThemselvesAreRead() throws IOException {
        for (String ending : ENDINGS) {
            assertTrue(read("good" + ending, WeightSamples.fileOf(OTHER, ending)).result().size() > 0, ending);
        }
        Check.sameBits(OTHER.state().get("conv.conv.bias").values(),
                read("good.npz", WeightSamples.deflated(OTHER)).result().get("conv.conv.bias").values(), "deflated");
    }

    @Property(tries = 200)
    void aModelTakesADamagedFileWholeOrNotAtAll(@ForAll boolean safetensors, @ForAll("damage") List<Edit> damage) throws IOException {
        String ending = safetensors ? ".safetensors" : ".npz";
        Layer model = WeightSamples.model();
        Map<String, float[]> before = values(model);
        try (ScratchFile scratch = ScratchFile.of("damaged" + ending, Edit.apply(damage, WeightSamples.fileOf(OTHER, ending)))) {
            Weights.load(model, scratch.file());
            NamedArrays read = WeightFile.read(scratch.file());
            values(model).forEach((name, held) -> Check.sameBits(read.get(name).values(), held, name));
        } catch (WeightFileException refused) {
            Bounded.requireRefusal(refused, WeightFileException.class);
            values(model).forEach((name, held) -> Check.sameBits(before.get(name), held, name + " after " + refused));
        }
    }

    private static Map<String, float[]> values(Layer model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        model.state().forEach((name, parameter) -> values.put(name, parameter.values().clone()));
        return values;
    }

    @Property(tries = 100)
    void whatIsReadConvertsToPaddleAndBack(@ForAll("damage") List<Edit> damage) throws IOException {
        NamedArrays read = read("paddle.npz", Edit.apply(damage, WeightSamples.fileOf(OTHER, ".npz"))).result();
        if (read != null) {
            Outcome<NamedArrays> converted = Bounded.run(MOST_BYTES, () -> PaddleWeights.fromPaddle(PaddleWeights.toPaddle(read)));
            if (converted.thrown() != null) {
                Bounded.requireRefusal(converted.thrown(), IllegalArgumentException.class);
            }
        }
    }

    /** Pieces of a header's Python dictionary, in any order. */
    @Provide
    Arbitrary<String> literals() {
        return Arbitraries.of("{", "}", "'descr'", ":", "'<f4'", "'>f8'", "'=f4'", "'|b1'", "'|O'", ",", " ", "'fortran_order'",
                "True", "False", "'shape'", "(", ")", "[", "]", "2", "-1", "0", "2L", "99999999999999999999", "'", "\"",
                "\\", "None", "{'descr': '<f4', 'fortran_order': False, 'shape': (", "(),}", "), }", "\n", "\0", "1e9")
                .list().ofMaxSize(14).map(pieces -> String.join("", pieces));
    }

    @Property(tries = 300)
    void noisyHeadersOfArraysAreRefusedOrSound(@ForAll("literals") String header) throws IOException {
        requireSound(read("noisy.npy", WeightSamples.npy(header, new byte[8])).result());
    }

    /** Pieces of a safetensors header, in any order. */
    @Provide
    Arbitrary<String> headers() {
        return Arbitraries.of("{", "}", "\"a\"", "\"b\"", ":", ",", "[", "]", "\"dtype\":\"F32\"", "\"dtype\":\"F64\"",
                "\"shape\":[2]", "\"shape\":[]", "\"shape\":[-1]", "\"shape\":[4294967296,4294967296]", "\"data_offsets\":[0,8]",
                "\"data_offsets\":[8,0]", "\"data_offsets\":[0,9223372036854775807]", "\"data_offsets\":[-8,0]", "1e400",
                "null", "\"__metadata__\":{\"k\":\"v\"}", "\"__metadata__\":3", "\"a\":{\"dtype\":\"F32\",\"shape\":[2],"
                + "\"data_offsets\":[0,8]}", "\"\\ud800\"", "\\", "\0", " ")
                .list().ofMaxSize(12).map(pieces -> "{" + String.join("", pieces));
    }

    @Property(tries = 300)
    void noisyHeadersOfSafetensorsAreRefusedOrSound(@ForAll("headers") String header) throws IOException {
        requireSound(read("noisy.safetensors", WeightSamples.safetensors(header, 8)).result());
    }
}
