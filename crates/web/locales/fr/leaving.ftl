# Ce qui sort du bureau ou est détruit, et qui se tient au-dehors : publier, effacer, bureaux extérieurs, détenteurs de clés.
items-choose = Choisir
items-publish = Publier ce qui est choisi…
publish-one = Publier ceci…
publish-title = Publier
publish-lead = Une publication est un paquet qui se prouve lui-même : chacun peut le vérifier sans se fier à ce bureau. Vous voyez d’abord un plan de ce qu’elle révèle ; rien ne sort avant votre accord.
publish-none-title = Rien n’est choisi
publish-none-text = Choisissez des documents dans la liste, puis publiez-les de là.
publish-chosen = { $count ->
    [one] Un document est choisi
   *[other] { $count } documents sont choisis
}
publish-name = Titre de la publication
publish-name-hint = Tout le monde peut le lire, au registre et dans le paquet.
publish-title-refused = Au plus 300 lettres, sans caractères invisibles
publish-sealed = L’un d’eux est sous les clés des détenteurs. Il ne peut être publié
publish-rotation = L’un des cercles a besoin d’une nouvelle clé avant toute publication. Faites-la sur la page du cercle
publish-pending = La publication est acceptée, mais aucune tête assez contresignée ne la couvre encore ; aucun paquet n’a été fait. Réessayez plus tard
publish-show-plan = Voir le plan
plan-title = Regardez le plan avant de publier
plan-to-whom = À qui :
plan-everyone = À tout le monde, pour toujours. Une publication ne peut être reprise, et une inscription publique ne peut être effacée.
plan-from = Cercles dont ce sont les documents
plan-files-title = Les fichiers
plan-path = Nom dans le paquet
plan-here = Nom ici
plan-tells = Ce que le fichier dit lui-même
plan-tells-nothing = Rien n’a été trouvé
plan-not-seen = Seul figure ce que des programmes peuvent trouver. Visages, voix, écriture et lieux n’y sont pas, et ils identifient aussi les gens.
tells-position = Où il a été fait
tells-device = Avec quel appareil
tells-time = Quand il a été fait
tells-name = Le nom de quelqu’un
tells-program = Avec quel programme
tells-film = Un film caché derrière l’image
tells-unread = Il n’a pas pu être examiné en entier
plan-discloses-title = Ce que chacun apprend en plus des fichiers
plan-discloses-1 = Le titre, le jour, le nombre de fichiers, et de chacun le genre et la taille.
plan-discloses-2 = Que ces fichiers sont au registre de ce bureau, et sous quels numéros.
plan-discloses-3 = Le nom public et les clés du bureau, et quels bureaux extérieurs ont contresigné.
plan-closed-title = Ce que le paquet ne dit pas
plan-closed-1 = Les noms qu’avaient ces fichiers, qui les a apportés, qui les a recueillis, et à quelle heure.
plan-closed-2 = Quels membres et quels cercles il y a.
plan-stays = Il est inscrit sous votre nom, dans ces cercles, que les documents ont été publiés. Leurs membres le voient.
plan-button = Publier et télécharger le paquet
plan-download = Le téléchargement commence de lui-même en moins d’une demi-minute ; cette page reste. Remettez le paquet avec le fichier de politique, mais par une autre voie :
erase-link = Effacer ceci…
erase-title = Effacer ce document
erase-lead = Son contenu, son nom et ses clés sont détruits pour toujours. Personne ne peut les rétablir, pas même le bureau.
erase-stays = Qu’il y a eu ici quelque chose, et que cela a été effacé, reste inscrit. Les inscriptions publiques ne peuvent être effacées : ce qui a été publié le reste.
erase-reason = Motif
erase-reason-hint = Il reste pour toujours et le cercle peut le lire. Ne répétez pas ce que vous effacez.
erase-check = Vérifiez avant d’effacer
erase-copies = Copies remises, que ceci n’atteint pas
erase-copies-count = { $count ->
    [0] Aucune
    [one] Une
   *[other] { $count }
}
erase-publications = Publications qui restent publiques
erase-publications-count = { $count ->
    [0] Aucune
    [one] Une : elle ne peut être effacée
   *[other] { $count } : elles ne peuvent être effacées
}
erase-button = Effacer pour toujours
erase-rotation = Ce cercle a besoin d’une nouvelle clé avant tout effacement. Faites-la sur la page du cercle
erased-title = Le document est effacé
erased-text = Son contenu est détruit. Les copies que quelqu’un a prises et les sauvegardes d’avant ne sont pas atteintes ; celles-ci perdent leurs clés à leur échéance.
erased-see = Ce qui reste
outside-title = Bureaux extérieurs
outside-empty-title = Pas encore de bureau extérieur
outside-empty-text = Convenez avec un autre bureau qu’il contresignera. Un administrateur l’ajoute ensuite sur la machine même du bureau avec :
outside-quorum = { $count ->
    [one] Un bureau extérieur est sollicité ; au moins { $needed } doit contresigner.
   *[other] { $count } bureaux extérieurs sont sollicités ; au moins { $needed } doivent contresigner.
}
outside-address = Adresse
outside-key = Clé
outside-change = On les ajoute et les retire sur la machine même du bureau avec :
holders-title = Détenteurs de clés
holders-lead = Les détenteurs gardent des parts des clés de ce qui est scellé, comme l’identité d’une source, chacun sur sa propre machine. Seuls plusieurs ensemble peuvent ouvrir, et seulement pour un mandat inscrit au registre.
holders-empty-title = Pas encore de détenteur
holders-empty-text = Sans détenteurs, rien ne peut être scellé. Chacun fait une clé sur sa propre machine ; un administrateur l’ajoute ensuite sur la machine même du bureau avec :
holders-count = { $count ->
    [one] Un détenteur
   *[other] { $count } détenteurs
}
holders-jurisdiction = Où il vit
holders-recipient = Clé
holders-recipient-show = Voir la clé
add-circle-next = Continuer
add-readers-title = Qui pourra lire ceci
add-check-title = Vérifiez avant de recueillir
add-check-text = Ce qui est recueilli est inscrit et reste. L’effacer plus tard laisse son numéro.
add-check-count = Fichiers
add-check-size = Ensemble
add-check-button = Recueillir ces fichiers
add-js-ended = Non reçu : votre session a pris fin, ou le bureau a redémarré. Ce qui est donné plus haut comme recueilli est en sûreté. Ouvrez une session et choisissez à nouveau le reste ; ce qui est déjà ici est reconnu.
add-js-sign-in = Ouvrir une session
item-acts = Ce que vous pouvez faire
outside-no-quorum = Aucun n’est exigé pour l’instant : on publie même si aucun ne contresigne. Un administrateur fixe combien doivent le faire.
publish-withheld = Une partie ne peut pas sortir.
withheld-do = Décrivez chaque pièce au bureau de documentation : sur quel fondement elle est détenue, si elle identifie une source, qui peut y être reconnu. Inscrivez les consentements qui la couvrent. Ou laissez-la.
withheld-title = Retenu :
withheld-not-described = Personne ne l’a décrit ; le fondement de sa détention est inconnu
withheld-unknown = Personne n’a dit s’il identifie une source
withheld-identifies = Il identifie une source. Faites-en une copie vérifiée qui ne le fait pas
withheld-withdrawn = Un consentement qui le couvre a été retiré
withheld-strangers = D’autres personnes y sont reconnaissables, ou personne n’a regardé
withheld-risk = Détenu sans consentement, et deux membres n’ont pas décidé du risque
withheld-consent = Aucun consentement ne permet que tout le monde le reçoive
