package coordconv.verification.memory;

import static coordconv.verification.memory.Storage.input;
import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.memory.Storage.Stored;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any kind of memory gives the very bits that plain arrays give, and nothing beside it changes. */
@Domain(CaseDomain.class)
@Domain(DomainContext.Global.class)
class MemoryKindsTest {
    @Property(tries = 150)
    void everyKindOfMemoryGivesTheSameBitsAndKeepsItsRedZones(
            @ForAll Case c, @ForAll Storage inputs, @ForAll Storage outputs) {
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.values()) {
            String what = pass + " from " + inputs + " to " + outputs + " of " + c;
            int length = pass.outputLength(c.call());
            Stored out = outputs.hold(c.accumulate() ? t.held().get(pass) : Inputs.unwritten(length));
            Stored x = inputs.hold(t.x());
            Stored weights = inputs.hold(t.weights());
            Stored dy = inputs.hold(t.dy());
            new PlanCalls(c).run(pass, x.region(), weights.region(), input(inputs, t.bias()), dy.region(), out.region());
            Check.sameBits(pass.run(c, t), out.read(), what);
            assertEquals(-1, out.firstByteSpoilt(), "byte written beside the output, " + what);
            Check.sameBits(t.x(), x.read(), "x after " + what);
            Check.sameBits(t.weights(), weights.read(), "weights after " + what);
            Check.sameBits(t.dy(), dy.read(), "dy after " + what);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"n2c3h2w2100o2k1+xy", "n2c3h2w2100o2k1lnhwc+xy", "n1c2h3w1500o2k3p1", "n1c2h3w1500o2k3p1lnhwc"})
    void imagesWiderThanABlockOfColumnsAreReadFromNativeMemory(String problem) {
        Case c = Case.plain(Problem.parse(problem).geometry(), VectorWidth.PREFERRED, 1, 1);
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.values()) {
            float[] out = Inputs.unwritten(pass.outputLength(c.call()));
            new PlanCalls(c).run(pass, Storage.NATIVE_SEGMENT.hold(t.x()).region(), FloatRegion.of(t.weights()),
                    FloatRegion.of(t.bias()), Storage.NATIVE_SEGMENT.hold(t.dy()).region(), FloatRegion.of(out));
            Check.sameBits(pass.run(c, t), out, pass + " of " + c);
        }
    }

    @Property(tries = 20)
    void readOnlyInputsAreRead(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.values()) {
            float[] out = c.accumulate() ? t.held().get(pass).clone() : Inputs.unwritten(pass.outputLength(c.call()));
            new PlanCalls(c).run(pass, FloatRegion.of(FloatBuffer.wrap(t.x()).asReadOnlyBuffer()),
                    FloatRegion.of(MemorySegment.ofArray(t.weights()).asReadOnly()),
                    t.bias() == null ? null : FloatRegion.of(FloatBuffer.wrap(t.bias()).asReadOnlyBuffer()),
                    FloatRegion.of(MemorySegment.ofArray(t.dy()).asReadOnly()), FloatRegion.of(out));
            Check.sameBits(pass.run(c, t), out, pass + " of " + c);
        }
    }

    @Property(tries = 20)
    void inputAndOutputMayBeApartInOneArray(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        float[] shared = new float[t.x().length + t.dy().length];
        System.arraycopy(t.x(), 0, shared, 0, t.x().length);
        System.arraycopy(c.accumulate() ? t.held().get(Pass.FORWARD) : t.dy(), 0, shared, t.x().length, t.dy().length);
        new PlanCalls(c).run(Pass.FORWARD, FloatRegion.of(shared), FloatRegion.of(t.weights()),
                t.bias() == null ? null : FloatRegion.of(t.bias()), null, FloatRegion.of(shared, t.x().length));
        float[] y = Arrays.copyOfRange(shared, t.x().length, shared.length);
        Check.sameBits(Pass.FORWARD.run(c, t), y, c.toString());
    }
}
