package coordconv.layers.networks;

import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Published networks by name, each with coordinates and without.
 *
 * <p>{@code resnet18} is the published network, {@code resnet18+xy} the same with the coordinates of a preset where
 * the network's class says. {@code tornet+r} sees range and its reciprocal. {@code dcn2} and {@code MyNet} are
 * {@link ExampleNetworks}; {@code dcn2-deformable} uses the offsets and the mask that dcn2 declares, and
 * {@code dcn2-deformable-coord} predicts them with coordinates too.
 */
public final class Networks {
    private static final int IMAGENET = 1000;
    private static final int COCO = 80;
    private static final int SOLOV2_GRID = 40;
    private static final String RADIAL = "r";

    /** What the networks have in common: how one is made, and what it reads for an image. */
    private enum Kind {
        DCN2("dcn2", ExampleNetworks.INPUT, 1),
        DCN2_DEFORMABLE("dcn2-deformable", ExampleNetworks.INPUT, 1),
        DCN2_DEFORMABLE_COORD("dcn2-deformable-coord", ExampleNetworks.INPUT, 1),
        MY_NET("MyNet", ExampleNetworks.INPUT, 1),
        RESNET18("resnet18", Shape.of(1, 3, 224, 224), 1),
        RESNET50("resnet50", Shape.of(1, 3, 224, 224), 1),
        UNET("unet", Shape.of(1, 3, 256, 256), 16),
        MOBILENET_V1("mobilenet-v1", Shape.of(1, 3, 224, 224), 1),
        SQUEEZENET_1_1("squeezenet-1.1", Shape.of(1, 3, 224, 224), 1),
        PP_YOLO("ppyolo", Shape.of(1, 3, 416, 416), 32),
        SOLOV2("solov2", Shape.of(1, 3, 800, 1344), 32),
        SOLOV2_MASK("solov2-mask", Shape.of(1, 3, 800, 1344), 32),
        TORNET("tornet", Shape.of(1, 14, 120, 240), 1);

        final String label;
        final Shape image;
        /** What height and width are multiples of, so that every map that is halved is even. */
        final int multiple;

        Kind(String label, Shape image, int multiple) {
            this.label = label;
            this.image = image;
            this.multiple = multiple;
        }

        /** Whether it is one of {@link ExampleNetworks}, whose coordinates are settled. */
        boolean isExample() {
            return image == ExampleNetworks.INPUT;
        }
    }

    private Networks() {}

    /** {@return the names of the networks without coordinates} */
    public static List<String> names() {
        return Arrays.stream(Kind.values()).map(kind -> kind.label).toList();
    }

    /**
     * The image that a network is commonly given.
     *
     * @param name of a network, coordinates or not
     * @return its shape
     * @throws IllegalArgumentException if there is no such network
     */
    public static Shape image(String name) {
        return kind(name).image;
    }

    /**
     * A network, its parameters not yet initialised.
     *
     * @param name of the network; {@code +} and the name of a coordinate preset may follow
     * @param image shape of the image that the network, or the backbone before it, sees
     * @return a new network
     * @throws IllegalArgumentException naming the network, the coordinates or the image that there is none for
     */
    public static Layer named(String name, Shape image) {
        Objects.requireNonNull(image, "image");
        Kind kind = kind(name);
        String coords = name.substring(kind.label.length());
        requireImage(kind, image);
        if (kind.isExample() || kind == Kind.TORNET) {
            boolean radial = kind == Kind.TORNET && coords.equals("+" + RADIAL);
            if (!radial && !coords.isEmpty()) {
                throw new IllegalArgumentException("coordinates of " + kind.label + ": given " + coords + ", needed none"
                        + (kind == Kind.TORNET ? " or +" + RADIAL : ""));
            }
            return switch (kind) {
                case TORNET -> TorNet.baseline(radial);
                case DCN2_DEFORMABLE -> ExampleNetworks.dcn2Deformable(CoordPreset.NONE);
                case DCN2_DEFORMABLE_COORD -> ExampleNetworks.dcn2Deformable(CoordPreset.PADDLE);
                default -> ExampleNetworks.named(kind.label);
            };
        }
        CoordPreset preset = coords.isEmpty() ? CoordPreset.NONE : CoordPreset.named(coords.substring(1));
        return switch (kind) {
            case RESNET18 -> ResNet.resNet18(IMAGENET, preset);
            case RESNET50 -> ResNet.resNet50(IMAGENET, preset);
            case UNET -> UNet.uNet(3, 2, preset);
            case MOBILENET_V1 -> MobileNet.mobileNetV1(IMAGENET, preset);
            case SQUEEZENET_1_1 -> SqueezeNet.squeezeNet11(IMAGENET, preset);
            case PP_YOLO -> PpYolo.neckAndHead(COCO, preset);
            case SOLOV2 -> {
                Shape features = Solov2.features(image);
                yield Solov2.head(COCO, preset, features.extent(2), features.extent(3), SOLOV2_GRID);
            }
            case SOLOV2_MASK -> Solov2.maskFeatures(preset);
            case DCN2, DCN2_DEFORMABLE, DCN2_DEFORMABLE_COORD, MY_NET, TORNET -> throw new AssertionError(kind);
        };
    }

    /**
     * What a network reads for an image: the image itself, or the features that its backbone makes of it.
     *
     * @param name of the network
     * @param image shape of the image
     * @return the shapes of its inputs
     * @throws IllegalArgumentException if there is no such network or it takes no such image
     */
    public static List<Shape> inputs(String name, Shape image) {
        Objects.requireNonNull(image, "image");
        Kind kind = kind(name);
        requireImage(kind, image);
        return switch (kind) {
            case PP_YOLO -> PpYolo.features(image);
            case SOLOV2 -> List.of(Solov2.features(image));
            case SOLOV2_MASK -> Solov2.pyramid(image);
            case TORNET -> name.equals(kind.label) ? List.of(image) : TorNet.inputs(image);
            default -> List.of(image);
        };
    }

    private static Kind kind(String name) {
        int plus = Objects.requireNonNull(name, "name").indexOf('+');
        String label = plus < 0 ? name : name.substring(0, plus);
        return Arrays.stream(Kind.values()).filter(kind -> kind.label.equals(label)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("network: given " + name + ", needed one of " + names()
                        + ", + and the name of coordinates behind it if wanted"));
    }

    private static void requireImage(Kind kind, Shape image) {
        if (image.rank() != 4 || image.extent(1) != kind.image.extent(1)
                || image.extent(2) % kind.multiple != 0 || image.extent(3) % kind.multiple != 0) {
            throw new ShapeException("image of " + kind.label + ": given " + image + ", needed [N, " + kind.image.extent(1)
                    + ", H, W]" + (kind.multiple > 1 ? " with multiples of " + kind.multiple : ""));
        }
    }
}
